"""What unidentified money puts before a second person: a large sum into an account, or back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from billing.models import Account, UnidentifiedPayment
from billing.queries.locked import lock_account
from billing.queries.unidentified import source_name
from billing.services import unidentified
from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, Staff
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

IDENTIFY = "unidentified.identify"
GIVE_BACK = "unidentified.give_back"
GONE = "申请中的来款已处理或不存在，请刷新后重新申请。"


def describe_identify(payload: Payload) -> Sequence[Line]:
    """Which money, and whose account it goes into."""
    account = Account.objects.filter(pk=payload["account_id"]).first()
    if account is None:
        raise BadInputError(("", GONE))
    return (*_money(payload), Line("入帐帐户", account.code))


def describe_give_back(payload: Payload) -> Sequence[Line]:
    return _money(payload)


def perform_identify(approval: Approval, *, at: datetime) -> dict[str, Any]:
    money = unidentified.identify(
        unidentified_id=approval.payload["unidentified_id"],
        account_id=approval.payload["account_id"],
        reason=approval.reason,
        at=at,
        by_id=approval.asked_by_id,
        approved=True,
    )
    return {"url": reverse("billing:unidentified_payment", args=[money.pk])}


def perform_give_back(approval: Approval, *, at: datetime) -> dict[str, Any]:
    money = unidentified.give_back(
        unidentified_id=approval.payload["unidentified_id"],
        reason=approval.reason,
        at=at,
        by_id=approval.asked_by_id,
        approved=True,
    )
    return {"url": reverse("billing:unidentified_payment", args=[money.pk])}


def _money(payload: Payload) -> tuple[Line, ...]:
    found = UnidentifiedPayment.objects.select_related("line")
    money = found.filter(pk=payload["unidentified_id"], state="open").first()
    if money is None:
        raise BadInputError(("", GONE))
    return (
        Line("来源", source_name(money.source)),
        Line("流水号", money.reference),
        Line("到帐日期", f"{money.arrived_on}"),
        Line("金额(元)", yuan(money.amount_fen)),
    )


def _lock(payload: Payload) -> object:
    return lock_account(payload["account_id"])


def _reached(staff: Staff, account_ids: Collection[int]) -> set[int]:
    of_theirs = in_scope(staff, customer="owner__", permission="approval.decide")
    found = Account.objects.filter(of_theirs, pk__in=account_ids)
    return set(found.values_list("pk", flat=True))


APPROVALS: Mapping[str, ApprovalKind] = {
    IDENTIFY: ApprovalKind(
        permission="approval.decide",
        title="认领不明来款",
        describe=describe_identify,
        perform=perform_identify,
        valid_for=timedelta(days=3),
        lock=_lock,
        about=About(ids=lambda payload: [payload["account_id"]], reached=_reached),
    ),
    GIVE_BACK: ApprovalKind(
        permission="approval.decide",
        title="退回不明来款",
        describe=describe_give_back,
        perform=perform_give_back,
        valid_for=timedelta(days=3),
    ),
}
