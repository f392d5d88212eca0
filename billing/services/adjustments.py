"""Adjustments 调帐: a closed month is corrected on the next bill, by two persons (BIL-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from billing.models import Account, Adjustment, BillLine, Charge, ClosedMonth, PayRelation, Reason
from billing.queries.line_rates import rates_of_line, usual_rate
from billing.queries.locked import lock_account, lock_books, lock_key
from billing.rules.adjusting import AdjustedPart, by_rates, credit_left
from billing.services.by_hand import check_note, digest_of, done_before, reason_for
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.periods import Month
from bss.kernel.rulebook import refuse
from bss.kernel.units import yuan

RULE = "BIL-7"
ITEM = BillLine.Item.ADJUSTMENT.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an adjustment is of: a billed line, or a subscription of the account."""

    subscription_id: int
    line: BillLine | None
    parts: Sequence[AdjustedPart]

    @property
    def tax_fen(self) -> int:
        return sum(part.tax_fen for part in self.parts)


@transaction.atomic
def adjust(
    *,
    account_id: int,
    amount_fen: int,
    reason_id: int,
    key: str,
    at: datetime,
    by_id: int,
    approval: Approval,
    bill_line_id: int | None = None,
    subscription_id: int | None = None,
    remark: str = "",
) -> Adjustment:
    """Put a correction on the account's next bill; negative is to the customer's favour.

    It keeps the rates of VAT of the line that it corrects.
    Source: PAY-1, BIL-4, BIL-7.
    Locks:  the key, the books of its month, the account.
    Raises: RefusedError (BIL-7: beyond what was billed; PAY-1); BadInputError.
    """
    lock_key(key)
    digest = digest_of(
        "adjustment", account_id, amount_fen, reason_id, bill_line_id, subscription_id
    )
    if (before := done_before(Adjustment, key=key, digest=digest)) is not None:
        return before
    month = next_bill(at)
    account = lock_account(account_id)
    reason = reason_for(Reason.Purpose.ADJUSTMENT, reason_id)
    correction = correction_of(
        account,
        amount_fen=amount_fen,
        bill_line_id=bill_line_id,
        subscription_id=subscription_id,
        at=at,
    )
    adjusted = Adjustment.objects.create(
        key=key,
        digest=digest,
        account=account,
        bill_line=correction.line,
        subscription_id=correction.subscription_id,
        amount_fen=amount_fen,
        tax_fen=correction.tax_fen,
        month=month.first_day,
        reason=reason,
        note=check_note(remark),
        at=at,
        by_id=by_id,
        approval=approval,
    )
    _charge(adjusted, correction.parts, at=at)
    audit.record(
        action="adjustment.make",
        subject=f"adjustment:{adjusted.pk}",
        customer_id=account.owner_id,
        staff_id=by_id,
        at=at,
        reason=reason.words,
        detail={"amount_fen": amount_fen, "line": bill_line_id, "month": str(month)},
    )
    return adjusted


def correction_of(
    account: Account,
    *,
    amount_fen: int,
    bill_line_id: int | None,
    subscription_id: int | None,
    at: datetime,
) -> Correction:
    """What an adjustment would charge; nothing is written. Raises: as ``adjust``."""
    if not amount_fen:
        raise BadInputError(("amount", "调帐金额不能为零。"))
    if bill_line_id is None:
        return _of_account(account, amount_fen=amount_fen, subscription_id=subscription_id, at=at)
    lines = BillLine.objects.select_related("bill", "subscription").filter(bill__account=account)
    line = lines.filter(pk=bill_line_id).first()
    if line is None or line.amount_fen < 0 or line.subscription_id is None:
        raise BadInputError(("line", "这条帐单明细不在这个帐户，或不能调帐；请核对。"))
    left_fen = credit_left(line.amount_fen, corrected_fen(line.pk))
    if -amount_fen > left_fen:
        raise refuse(
            RULE,
            "这条费用最多还可减免 %(left)s 元，不能减免 %(amount)s 元",
            left=yuan(left_fen),
            amount=yuan(-amount_fen),
        )
    return Correction(
        subscription_id=line.subscription_id,
        line=line,
        parts=by_rates(amount_fen, rates_of_line(line)),
    )


def corrected_fen(line_id: int) -> int:
    """What corrections a line has had, summed; credits are negative."""
    rows = Adjustment.objects.filter(bill_line=line_id)
    total: int = rows.aggregate(fen=Sum("amount_fen", default=0))["fen"]
    return min(0, total)


def _of_account(
    account: Account, *, amount_fen: int, subscription_id: int | None, at: datetime
) -> Correction:
    paid = PayRelation.objects.filter(account=account, subscription=subscription_id)
    if subscription_id is None or not paid.exists():
        raise BadInputError(("subscription", "请选择这个帐户付费的一个用户。"))
    percent = usual_rate(Month.of(at), ITEM)
    return Correction(
        subscription_id=subscription_id,
        line=None,
        parts=[AdjustedPart(percent=percent, amount_fen=amount_fen)],
    )


def next_bill(at: datetime) -> Month:
    """The month on whose bill a correction stands, its books held open. Source: BIL-7."""
    month = Month.of(at)
    while True:
        lock_books(month, shared=True)
        if not ClosedMonth.objects.filter(month=month.first_day).exists():
            return month
        month = month.next


def _charge(adjusted: Adjustment, parts: Sequence[AdjustedPart], *, at: datetime) -> None:
    """One charge per rate; several of one adjustment are told apart by their rate."""
    Charge.objects.bulk_create(
        [
            Charge(
                subscription_id=adjusted.subscription_id,
                account_id=adjusted.account_id,
                item=ITEM,
                amount_fen=part.amount_fen,
                tax_percent=part.percent,
                arose_at=at,
                month=adjusted.month,
                order_ref=adjusted.code if len(parts) == 1 else f"{adjusted.code}/{part.percent}%",
                memo=adjusted.reason.words,
                adjustment=adjusted,
            )
            for part in parts
        ]
    )
