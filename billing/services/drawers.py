"""Drawers 钱箱: whose money goes in and out of which shift (PAY-2, PAY-3)."""

from datetime import datetime

from billing.models import DrawerMovement, Journal, Payment, Shift
from billing.queries.locked import lock_shifts
from billing.queries.till import open_shift_of
from billing.rules.cash_count import CASH
from bss.kernel.rulebook import refuse


def hold_open_shift(cashier_id: int) -> Shift:
    """The person's open shift, locked until the money is in it.

    Locks:  the shift.
    Raises: RefusedError (PAY-3: there is none).
    """
    shift = _held(open_shift_of(cashier_id))
    if shift is None:
        raise refuse("PAY-3", "您还没有开班，不能在柜台收款；请先到“收银台”开班")
    return shift


def note(
    shift: Shift,
    *,
    journal: Journal,
    account_id: int,
    means: str,
    amount_fen: int,
    at: datetime,
    reference: str = "",
) -> DrawerMovement:
    """Record that a journal's money went through this drawer; out of it when negative.

    The caller holds the shift.
    """
    return DrawerMovement.objects.create(
        shift=shift,
        journal=journal,
        account_id=account_id,
        means=means,
        amount_fen=amount_fen,
        reference=reference,
        at=at,
    )


def drawer_to_give_back(payment: Payment, *, by_id: int | None, supervisor: bool) -> Shift | None:
    """The drawer, locked, that a payment's money goes out of; None: it never was in one.

    The drawer it went into, while that is open; after the count a supervisor gives cash back out
    of their own.
    Source: PAY-2.
    Locks:  the shifts.
    Raises: RefusedError (PAY-2).
    """
    own = open_shift_of(by_id)
    movement = DrawerMovement.objects.filter(journal=payment.journal_id).first()
    if movement is None:
        return _held(own) if payment.means == CASH else None
    held = lock_shifts({movement.shift_id, *([own.pk] if own else [])})
    taken = held[movement.shift_id]
    if taken.state == Shift.State.OPEN:
        if supervisor or taken.cashier_id == by_id:
            return taken
        raise refuse(
            "PAY-2",
            "这笔款由 %(cashier)s 收取，只能由本人在当班时或由主管冲正",
            cashier=str(taken.cashier),
        )
    if not supervisor:
        raise refuse(
            "PAY-2", "这笔款所在的 %(day)s 班次已点数日结，只能由主管冲正", day=f"{taken.day}"
        )
    if payment.means != CASH:
        return None
    if own is None or held[own.pk].state != Shift.State.OPEN:
        raise refuse("PAY-2", "收款的钱箱已日结，退还现金须从您自己的钱箱支出；请先开班再冲正")
    return held[own.pk]


def _held(shift: Shift | None) -> Shift | None:
    """The shift, locked, if it still is open then."""
    if shift is None:
        return None
    held = lock_shifts([shift.pk])[shift.pk]
    return held if held.state == Shift.State.OPEN else None
