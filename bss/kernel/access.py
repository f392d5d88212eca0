"""Who may do what: permission codes, the roles that carry them, and the guard of every edge.

A permission is ``area.verb``. Data scope (whose customers) is decided in ``scope``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

PERMISSIONS = {
    "customer.view": "查看客户",
    "customer.register": "登记与更正客户",
    "customer.reveal": "查看未脱敏资料",
    "bundle.open": "开通融合套餐",
    "bundle.view": "查看融合套餐",
    "order.view": "查看订单与工单",
    "order.accept": "受理业务",
    "work_order.complete": "完成工单",
    "account.view": "查看帐户与帐单",
    "payment.take": "收款",
    "payment.reverse": "冲正",
    "ledger.grant": "建立专用账本",
    "month.view": "查看月结",
    "month.run": "运行月结",
    "usage.load": "装载话单",
    "case.view": "查看案件",
    "case.handle": "处理案件",
    "channel.view": "查看渠道",
    "clock.move": "调整业务时钟",
    "styleguide.view": "查看样式手册",
    "api.use": "使用开放接口",
}

ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "clerk": (
        "营业员",
        (
            "customer.view",
            "customer.register",
            "bundle.open",
            "bundle.view",
            "order.view",
            "order.accept",
            "work_order.complete",
            "account.view",
            "payment.take",
            "ledger.grant",
            "case.view",
            "case.handle",
            "channel.view",
        ),
    ),
    "agent": (
        "客服代表",
        ("customer.view", "bundle.view", "order.view", "account.view", "case.view", "case.handle"),
    ),
    "account_manager": (
        "客户经理",
        (
            "customer.view",
            "customer.register",
            "bundle.open",
            "bundle.view",
            "order.view",
            "order.accept",
            "account.view",
            "case.view",
            "case.handle",
            "api.use",
        ),
    ),
    "batch_operator": ("月结操作员", ("month.view", "month.run", "usage.load", "account.view")),
    "supervisor": ("值班主管", tuple(PERMISSIONS)),
}


View = Callable[..., HttpResponse]


def requires(permission: str) -> Callable[[View], View]:
    """Guard a view: the signed-in staff must have ``permission``, else 403.

    The view carries ``.permission`` so that a test can list every page with its guard.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"{permission} is not in PERMISSIONS")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not can(request.user, permission):
                raise PermissionDenied(PERMISSIONS[permission])
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def can(staff: Any, permission: str) -> bool:
    """Whether this member of staff has the permission through any role."""
    return permission in permissions_of(staff)


def permissions_of(staff: Any) -> frozenset[str]:
    """Every permission code of the staff's roles; read once per request object."""
    if not getattr(staff, "is_authenticated", False):
        return frozenset()
    known: frozenset[str] | None = getattr(staff, "_permission_codes", None)
    if known is None:
        if staff.is_superuser:
            known = frozenset(PERMISSIONS)
        else:
            known = frozenset(
                code
                for codes in staff.roles.values_list("permissions", flat=True)
                for code in codes
            )
        staff._permission_codes = known
    return known


def sees_own_customers_only(staff: Any) -> bool:
    """An account manager without a wider role sees the customers assigned to them alone."""
    roles = set(staff.roles.values_list("code", flat=True))
    return not staff.is_superuser and roles == {"account_manager"}
