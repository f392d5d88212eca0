"""What credit control puts before a second person: an account's own credit limit."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from billing.models import Account, CreditLimit
from billing.queries.locked import lock_account
from billing.services import credit_limits
from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, Staff
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

LIMIT = "credit.limit"
GONE = "申请中的帐户不存在，请刷新后重新申请。"
OF_THE_CLASS = "按客户类别"


def describe_limit(payload: Payload) -> Sequence[Line]:
    """Whose limit, what it is and what it will be."""
    account = Account.objects.filter(pk=payload["account_id"]).first()
    if account is None:
        raise BadInputError(("", GONE))
    own = CreditLimit.objects.filter(account=account, valid_until__isnull=True).first()
    wanted = payload["limit_fen"]
    return (
        Line("帐户编号", account.code),
        Line(
            "信用额度(元)",
            OF_THE_CLASS if wanted is None else yuan(wanted),
            before=OF_THE_CLASS if own is None else yuan(own.limit_fen),
        ),
    )


def perform_limit(approval: Approval, *, at: datetime) -> dict[str, Any]:
    assert approval.decided_by_id is not None  # it is being approved
    payload = approval.payload
    credit_limits.set_limit(
        account_id=payload["account_id"],
        limit_fen=payload["limit_fen"],
        reason=approval.reason,
        at=at,
        asked_by_id=approval.asked_by_id,
        approved_by_id=approval.decided_by_id,
    )
    account = Account.objects.get(pk=payload["account_id"])
    return {"url": reverse("billing:account_credit", args=[account.code])}


def _reached(staff: Staff, account_ids: Collection[int]) -> set[int]:
    of_theirs = in_scope(staff, customer="owner__", permission="credit.limit")
    found = Account.objects.filter(of_theirs, pk__in=account_ids)
    return set(found.values_list("pk", flat=True))


APPROVALS: Mapping[str, ApprovalKind] = {
    LIMIT: ApprovalKind(
        permission="credit.limit",
        title="调整信用额度",
        describe=describe_limit,
        perform=perform_limit,
        valid_for=timedelta(days=3),
        lock=lambda payload: lock_account(payload["account_id"]),
        about=About(ids=lambda payload: [payload["account_id"]], reached=_reached),
    ),
}
