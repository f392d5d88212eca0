"""The product's own roles: what each may do, how far, and that no role does two duties.

Whoever serves customers does not hand out rights; whoever hands out rights sees no customer;
whoever audits does neither (docs/adr).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bss.kernel.models import Role
from bss.kernel.permissions import PERMISSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSpec:
    """A role as the product ships it."""

    name: str
    reach: str
    permissions: tuple[str, ...]
    read_only: bool = False


SECURITY: Final = (
    "staff.view",
    "staff.manage",
    "role.grant",
    "session.end",
    "interface.manage",
    "security_case.view",
    "security_case.handle",
)
AUDIT: Final = ("audit.view", "audit.export")

ROLES: Final[Mapping[str, RoleSpec]] = {
    "clerk": RoleSpec(
        name="营业员",
        reach=Role.Reach.CITY,
        permissions=(
            "customer.view",
            "customer.register",
            "bundle.open",
            "bundle.view",
            "order.view",
            "order.accept",
            "work_order.complete",
            "account.view",
            "credit.view",
            "payment.take",
            "payment.reverse",
            "till.open",
            "till.close",
            "ledger.grant",
            "refund.make",
            "transfer.make",
            "adjustment.make",
            "promise.make",
            "invoice.view",
            "invoice.issue",
            "invoice.reverse",
            "mandate.sign",
            "case.view",
            "case.handle",
            "channel.view",
        ),
    ),
    "agent": RoleSpec(
        name="客服代表",
        reach=Role.Reach.PROVINCE,
        permissions=(
            "customer.view",
            "bundle.view",
            "order.view",
            "account.view",
            "credit.view",
            "promise.make",
            "invoice.view",
            "case.view",
            "case.handle",
        ),
    ),
    "account_manager": RoleSpec(
        name="客户经理",
        reach=Role.Reach.ASSIGNED,
        permissions=(
            "customer.view",
            "customer.register",
            "bundle.open",
            "bundle.view",
            "advice.view",
            "order.view",
            "order.accept",
            "account.view",
            "credit.view",
            "invoice.view",
            "case.view",
            "case.handle",
            "list.export",
            "api.use",
        ),
    ),
    "batch_operator": RoleSpec(
        name="月结操作员",
        reach=Role.Reach.PROVINCE,
        permissions=(
            "month.view",
            "month.run",
            "rerating.make",
            "credit.run",
            "books.view",
            "books.check",
            "usage.load",
            "bank.view",
            "bank.handle",
            "account.view",
            "credit.view",
            "reconciliation.view",
            "reconciliation.handle",
            "invoice.view",
            "invoice.issue",
            "list.export",
        ),
    ),
    "supervisor": RoleSpec(
        name="值班主管",
        reach=Role.Reach.PROVINCE,
        permissions=tuple(code for code in PERMISSIONS if code not in (*SECURITY, *AUDIT)),
    ),
    "security_officer": RoleSpec(
        name="安全管理员",
        reach=Role.Reach.PROVINCE,
        permissions=(*SECURITY, "sign_in.unlock", "approval.decide", "list.export"),
    ),
    "auditor": RoleSpec(name="审计员", reach=Role.Reach.ALL, permissions=AUDIT),
    "hq_viewer": RoleSpec(
        name="总部查询",
        reach=Role.Reach.ALL,
        permissions=tuple(
            code
            for code in PERMISSIONS
            if code.endswith(".view") and code not in ("audit.view", "security_case.view")
        ),
        read_only=True,
    ),
}


def load_roles() -> dict[str, Role]:
    """Make the product's roles or bring them up to date; an operator's own roles stay."""
    return {
        code: Role.objects.update_or_create(
            code=code,
            defaults={
                "name": spec.name,
                "permissions": list(spec.permissions),
                "reach": spec.reach,
                "read_only": spec.read_only,
            },
        )[0]
        for code, spec in ROLES.items()
    }
