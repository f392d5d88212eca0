"""A cashier's shift 班次: opened with a float, counted, confirmed by a second person (PAY-3)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from billing.models import CountedMeans, DayClose, DrawerCount, Journal, Shift
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_shifts
from billing.queries.till import open_shift_of, system_totals
from billing.rules import house
from billing.rules.cash_count import CASH, SLIPS, compare, worth_of
from billing.services.posting import Leg, post
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from bss.kernel.rulebook import RefusedError, refuse


@transaction.atomic
def open_shift(*, cashier_id: int, channel_id: int, opening_float_fen: int, at: datetime) -> Shift:
    """Open a drawer with what lies in it at the start 备用金, which is no takings.

    Raises: RefusedError (PAY-3: this person has an open shift); BadInputError.
    """
    if opening_float_fen < 0:
        raise BadInputError(("float", "备用金不能是负数。"))
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                cashier_id=cashier_id,
                channel_id=channel_id,
                day=business_date(at),
                opening_float_fen=opening_float_fen,
                opened_at=at,
            )
    except IntegrityError:
        if open_shift_of(cashier_id) is None:
            raise
        raise refuse("PAY-3", "您已开班，请先点数交班再开新的班次") from None
    _record("till.open", shift, by_id=cashier_id, at=at, float_fen=opening_float_fen)
    return shift


@transaction.atomic
def count_shift(
    *,
    shift_id: int,
    by_id: int,
    pieces: Mapping[int, int],
    slips: Mapping[str, int],
    at: datetime,
    remark: str = "",
) -> DrawerCount:
    """Write down what the cashier found, against what the books say; a recount is another row.

    Units:  ``pieces`` denomination in fen → pieces; ``slips`` means → fen.
    Source: PAY-3.
    Locks:  the shift; from now on nothing goes in or out of its drawer.
    Raises: RefusedError (PAY-3: somebody else's, or confirmed already); BadInputError.
    """
    shift = _held(shift_id)
    if shift.cashier_id != by_id:
        raise refuse("PAY-3", "钱箱由当班的 %(cashier)s 点数", cashier=str(shift.cashier))
    if shift.state == Shift.State.CONFIRMED:
        raise _closed_already()
    compared = compare(
        system=system_totals(shift.pk),
        cash_fen=_worth(pieces, slips),
        slips=slips,
        float_fen=shift.opening_float_fen,
    )
    count = DrawerCount.objects.create(
        shift=shift,
        number=shift.counts.count() + 1,
        pieces={str(fen): number for fen, number in pieces.items() if number},
        remark=remark.strip(),
        counted_at=at,
    )
    CountedMeans.objects.bulk_create(
        [
            CountedMeans(
                count=count,
                means=one.means,
                system_fen=one.system_fen,
                counted_fen=one.counted_fen,
            )
            for one in compared
        ]
    )
    shift.count(at=at)
    shift.save()
    differences = {one.means: one.difference_fen for one in compared if one.difference_fen}
    _record("till.count", shift, by_id=by_id, at=at, number=count.number, **differences)
    return count


@transaction.atomic
def confirm_shift(
    *, shift_id: int, count_number: int, by_id: int, at: datetime, remark: str = ""
) -> DayClose:
    """Close a cashier's day 日结: the last count stands, its difference goes to 长短款.

    ``count_number`` is the count that the second person saw.
    Source: PAY-3.
    Locks:  the shift.
    Raises: RefusedError (PAY-3: by the cashier, not counted, closed, or counted anew meanwhile);
            BadInputError (a difference without a remark).
    """
    shift = _held(shift_id)
    if shift.state == Shift.State.CONFIRMED:
        raise _closed_already()
    count = shift.counts.order_by("number").last()
    if count is None:
        raise refuse("PAY-3", "这个班次还没有点数，不能确认")
    if shift.cashier_id == by_id:
        raise refuse("PAY-3", "点数人不能确认自己的日结，请另一位主管确认")
    if count.number != count_number:
        raise refuse("PAY-3", "收银员刚刚重新点数，请看过新的结果再确认")
    means = list(count.means.all())
    difference_fen = sum(one.difference_fen for one in means)
    if any(one.difference_fen for one in means) and not remark.strip():
        raise BadInputError(("remark", "有长短款，请写明处理意见。"))
    close = DayClose.objects.create(
        shift=shift,
        cashier_id=shift.cashier_id,
        count=count,
        takings_fen=_counted_cash(means) - shift.opening_float_fen,
        difference_fen=difference_fen,
        journal=_post_differences(shift, means, at=at, by_id=by_id),
        confirmed_by_id=by_id,
        confirmed_at=at,
        remark=remark.strip(),
    )
    shift.confirm(at=at)
    shift.save()
    _record("till.confirm", shift, by_id=by_id, at=at, difference_fen=difference_fen)
    return close


def _held(shift_id: int) -> Shift:
    held = lock_shifts([shift_id])
    if shift_id not in held:
        raise Shift.DoesNotExist(f"there is no shift {shift_id}")
    return held[shift_id]


def _worth(pieces: Mapping[int, int], slips: Mapping[str, int]) -> int:
    if set(slips) - set(SLIPS) or any(fen < 0 for fen in slips.values()):
        raise BadInputError(("slips", "票据金额不能是负数。"))
    try:
        return worth_of(pieces)
    except ValueError:
        raise BadInputError(("pieces", "张数有误，请核对各面额。")) from None


def _counted_cash(means: list[CountedMeans]) -> int:
    return sum(one.counted_fen for one in means if one.means == CASH)


def _post_differences(
    shift: Shift, means: list[CountedMeans], *, at: datetime, by_id: int
) -> Journal | None:
    """What is held follows the count; the books before it stay as they are."""
    found = [one for one in means if one.difference_fen]
    if not found:
        return None
    houses = house_ledgers()
    legs = [
        leg
        for one in found
        for leg in (
            Leg(ledger_id=houses[house.cash_of(one.means)], amount_fen=-one.difference_fen),
            Leg(ledger_id=houses[house.OVER_SHORT], amount_fen=one.difference_fen),
        )
    ]
    return post(
        kind=Journal.Kind.DIFFERENCE, legs=legs, at=at, ref=f"shift:{shift.pk}", by_id=by_id
    )


def _closed_already() -> RefusedError:
    return refuse("PAY-3", "这个班次已日结，结果不再改变")


def _record(action: str, shift: Shift, *, by_id: int, at: datetime, **detail: int) -> None:
    audit.record(action=action, subject=f"shift:{shift.pk}", staff_id=by_id, at=at, detail=detail)
