"""What the kinds of money moved by hand have in common: what they name, lock and reach."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from billing.models import Account, Reason
from billing.queries.locked import lock_accounts
from bss.kernel.approvals import About, ApprovalKind, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, Staff
from bss.kernel.scope import in_scope

GONE = "申请中的帐户、帐单或原因已不存在，请重新申请。"


def as_approved(approval: Approval, *, at: datetime) -> dict[str, Any]:
    """Who did it, under which key, and who said yes."""
    return {
        "key": f"approval-{approval.pk}",
        "at": at,
        "by_id": approval.asked_by_id,
        "approval": approval,
    }


def row_or_gone(rows: Any, pk: int) -> Any:
    """The row of this id. Raises: BadInputError, when there is none any more."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise BadInputError(("", GONE))
    return row


def account_of(payload: Payload, name: str = "account_id") -> Account:
    """The account that the payload names. Raises: BadInputError."""
    return row_or_gone(Account.objects.select_related("owner"), payload[name])  # type: ignore[no-any-return]


def reason_of(payload: Payload) -> str:
    """The words of its reason, while that may be chosen. Raises: BadInputError."""
    return str(row_or_gone(Reason.objects.filter(active=True), payload["reason_id"]).words)


def lock_named_accounts(payload: Payload) -> None:
    """Locks: whichever accounts the payload names."""
    names = ("account_id", "source_id", "target_id")
    lock_accounts([payload[name] for name in names if name in payload])


def accounts_reached(staff: Staff, account_ids: Collection[int]) -> set[int]:
    """Those of the accounts that this approver reaches."""
    of_theirs = in_scope(staff, customer="owner__", permission="approval.decide")
    theirs = Account.objects.filter(of_theirs, pk__in=account_ids)
    return set(theirs.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids under these names of a payload."""

    names: tuple[str, ...]

    def __call__(self, payload: Payload) -> list[int]:
        return [payload[name] for name in self.names]


def money_kind(title: str, describe: Any, perform: Any, **more: Any) -> ApprovalKind:
    """One about ``account_id``, decided within three days, unless ``more`` says otherwise."""
    usual: dict[str, Any] = {
        "lock": lock_named_accounts,
        "about": About(ids=Ids(("account_id",)), reached=accounts_reached),
    }
    return ApprovalKind(
        permission="approval.decide",
        title=title,
        describe=describe,
        perform=perform,
        valid_for=timedelta(days=3),
        **(usual | more),
    )
