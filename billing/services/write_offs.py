"""Write-off 坏帐核销, and what is paid on it after all (PAY-6)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from billing.models import Account, Bill, BillLine, Journal, Reason, WriteOff, WriteOffPart
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_account, lock_key
from billing.rules import house
from billing.services.by_hand import check_note, digest_of, done_before, reason_for
from billing.services.posting import Leg, post
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.periods import business_date
from bss.kernel.rulebook import refuse

RULE = "PAY-6"


@transaction.atomic
def write_off(
    *,
    account_id: int,
    bill_ids: Collection[int],
    reason_id: int,
    key: str,
    at: datetime,
    by_id: int,
    approval: Approval,
    remark: str = "",
) -> WriteOff:
    """Give up what is due on these bills: their lines are paid by the house's loss.

    Revenue and its tax stay as they were booked, and no stop for debt is lifted.
    Source: PAY-1, PAY-6.
    Locks:  the key, the account.
    Raises: RefusedError (PAY-6: a bill is not overdue, or has nothing due; PAY-1); BadInputError.
    """
    lock_key(key)
    digest = digest_of("write_off", account_id, sorted(bill_ids), reason_id)
    if (before := done_before(WriteOff, key=key, digest=digest)) is not None:
        return before
    account = lock_account(account_id)
    reason = reason_for(Reason.Purpose.WRITE_OFF, reason_id)
    bills = bills_to_write_off(account, bill_ids, at=at)
    lines = list(
        BillLine.objects.filter(bill__in=bills, paid_fen__lt=F("amount_fen")).order_by(
            F("bill__month").asc(nulls_first=True), "bill_id", "position"
        )
    )
    amount_fen = sum(bill.due_fen for bill in bills)
    given_up = WriteOff.objects.create(
        key=key,
        digest=digest,
        account=account,
        amount_fen=amount_fen,
        reason=reason,
        note=check_note(remark),
        journal=_post(account, lines, at=at, by_id=by_id),
        at=at,
        by_id=by_id,
        approval=approval,
    )
    WriteOffPart.objects.bulk_create(
        [WriteOffPart(write_off=given_up, bill=bill, amount_fen=bill.due_fen) for bill in bills]
    )
    BillLine.objects.filter(pk__in=[line.pk for line in lines]).update(paid_fen=F("amount_fen"))
    Bill.objects.filter(pk__in=[bill.pk for bill in bills]).update(paid_fen=F("total_fen"))
    audit.record(
        action="write_off.make",
        subject=f"write_off:{given_up.pk}",
        customer_id=account.owner_id,
        staff_id=by_id,
        at=at,
        reason=reason.words,
        detail={"amount_fen": amount_fen, "bills": [bill.pk for bill in bills]},
    )
    return given_up


def bills_to_write_off(account: Account, bill_ids: Collection[int], *, at: datetime) -> list[Bill]:
    """The bills, the oldest first.

    Raises: BadInputError when none is chosen; RefusedError (PAY-6) when one cannot be given up.
    """
    if not bill_ids:
        raise BadInputError(("bills", "请选择要核销的帐单。"))
    bills = list(
        Bill.objects.filter(account=account, pk__in=bill_ids, paid_fen__lt=F("total_fen")).order_by(
            F("month").asc(nulls_first=True), "id"
        )
    )
    if len(bills) != len(set(bill_ids)):
        raise refuse(RULE, "所选帐单已缴清或不在这个帐户，请刷新页面重新选择")
    today = business_date(at)
    if any(bill.due_on >= today for bill in bills):
        raise refuse(RULE, "所选帐单有的还没有逾期，只有逾期帐单可以核销")
    return bills


def _post(account: Account, lines: Sequence[BillLine], *, at: datetime, by_id: int) -> Journal:
    houses = house_ledgers()
    return post(
        kind=Journal.Kind.WRITE_OFF,
        legs=[
            *(
                Leg(
                    ledger_id=houses[house.WRITE_OFF],
                    amount_fen=-line.due_fen,
                    bill_line_id=line.pk,
                )
                for line in lines
            ),
            Leg(
                ledger_id=houses[house.RECEIVABLE],
                amount_fen=sum(line.due_fen for line in lines),
            ),
        ],
        at=at,
        ref=account.code,
        by_id=by_id,
    )
