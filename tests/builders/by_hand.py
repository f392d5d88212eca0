"""Second persons and reasons, for tests of money that is moved by hand."""

from datetime import datetime

from billing.models import Account, Adjustment, BillLine, Reason, WriteOff
from billing.services.adjustments import adjust
from billing.services.write_offs import write_off
from bss.kernel.models import Approval, Staff
from tests.builders.billing import moment
from tests.builders.staff import a_staff

NOON = moment("2026-11-05T12:00")
FEBRUARY = moment("2027-02-01T12:00")


def a_reason(purpose: str, code: str = "") -> int:
    """One of those that the product brings."""
    rows = Reason.objects.filter(purpose=purpose, active=True)
    return (rows.get(code=code) if code else rows.earliest("pk")).pk


def a_maker() -> Staff:
    return Staff.objects.filter(username="maker").first() or a_staff("clerk", username="maker")


def a_checker() -> Staff:
    found = Staff.objects.filter(username="checker").first()
    return found or a_staff("supervisor", username="checker")


def an_approval(kind: str, *, at: datetime = NOON) -> Approval:
    """As it is when its act is performed: asked by the maker, decided by the checker."""
    maker, checker = a_maker(), a_checker()
    approval = Approval(
        kind=kind,
        payload={"n": Approval.objects.count()},
        shown=[],
        digest=f"{Approval.objects.count()}",
        reason="test",
        asked_by=maker,
        asked_at=at,
        expires_at=at,
    )
    approval.approve(by_id=checker.pk, at=at)
    approval.save()
    return approval


def corrected(
    line: BillLine, amount_fen: int, key: str = "a1", *, at: datetime = NOON
) -> Adjustment:
    return adjust(
        account_id=line.bill.account_id,
        bill_line_id=line.pk,
        amount_fen=amount_fen,
        reason_id=a_reason("adjustment"),
        key=key,
        at=at,
        by_id=a_maker().pk,
        approval=an_approval("adjustment.make"),
    )


def given_up(account: Account, *bills: int, key: str = "w1", at: datetime = FEBRUARY) -> WriteOff:
    return write_off(
        account_id=account.pk,
        bill_ids=bills,
        reason_id=a_reason("write_off"),
        key=key,
        at=at,
        by_id=a_maker().pk,
        approval=an_approval("write_off.make"),
    )
