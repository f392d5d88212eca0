"""Second persons and reasons, for tests of money that is moved by hand."""

from datetime import datetime, timedelta

from billing.models import Account, Adjustment, BillLine, Promise, Reason, WriteOff
from billing.services.accounts import open_unified
from billing.services.adjustments import adjust
from billing.services.payments import pay
from billing.services.refunds import Payee, refund
from billing.services.transfers import transfer
from billing.services.write_offs import write_off
from bss.kernel.models import Approval, Staff
from customers.models import Subscription
from tests.builders.billing import a_bill, a_channel, moment
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


def a_day_by_hand(line: Subscription, number: int, *, at: datetime) -> dict[str, str]:
    """One of everything by hand, on two accounts of the line's owner; their keys by kind."""
    one, other = (
        open_unified(owner_id=line.owner_id, name=f"手工{number}-{place}", at=at)
        for place in range(2)
    )
    bill = a_bill(one, "2026-09", (line, "PLAN_FEE", 30_00))
    loss = given_up(one, bill.pk, key=f"hand-{number}", at=at)
    promise = Promise.objects.create(
        account=one, amount_fen=30_00, until=at.date() + timedelta(days=5), made_at=at
    )
    pay(account_id=one.pk, amount_fen=9_00, key=f"hand-{number}", at=at, channel_id=a_channel().pk)
    common = {"key": f"hand-{number}", "at": at, "by_id": a_maker().pk}
    moved = transfer(
        source_id=one.pk,
        target_id=other.pk,
        amount_fen=4_00,
        reason_id=a_reason("transfer"),
        **common,
    )
    refunded = refund(
        account_id=one.pk,
        amount_fen=5_00,
        means="transfer",
        reason_id=a_reason("refund", "overpaid"),
        payee=Payee(name="试验收款人", bank="示范银行", account=f"62220000{number:08}"),
        **common,
    )
    adjusted = corrected(bill.lines.get(), -1_00, f"hand-{number}", at=at)
    return {
        "by_hand_account": one.code,
        "adjustment": str(adjusted.pk),
        "write_off": str(loss.pk),
        "promise": str(promise.pk),
        "transfer": str(moved.pk),
        "refund": str(refunded.pk),
        "reason": str(a_reason("refund")),
    }
