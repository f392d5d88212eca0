"""Refunds 退款: cash of an account goes back: at once, by the bank, or as it came (PAY-4)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from billing.models import Account, Journal, Ledger, Reason, Refund, Shift
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_account, lock_key
from billing.queries.refundable import Refundable, refundable
from billing.queries.till import system_totals
from billing.rules import house
from billing.services.by_hand import check_note, digest_of, done_before, hold_to_limit, reason_for
from billing.services.drawers import hold_open_shift, note
from billing.services.gateway_refunds import ask_back, check_left, hold_order
from billing.services.posting import Leg, post
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.rulebook import refuse
from bss.kernel.units import yuan
from channels.services.facts import record_revenue

CASH, GATEWAY = Refund.Means.CASH, Refund.Means.GATEWAY
ENDED = "ended"
"""The reason that says: the customer has left, this is the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who gets it; bank and account for a transfer, nobody where it goes back as it came."""

    name: str = ""
    bank: str = ""
    account: str = ""


@transaction.atomic
def refund(
    *,
    account_id: int,
    amount_fen: int,
    means: str,
    reason_id: int,
    payee: Payee,
    key: str,
    at: datetime,
    by_id: int,
    remark: str = "",
    approval: Approval | None = None,
    order_number: str = "",
) -> Refund:
    """Give cash of the public ledger back. The same key again gives the first refund.

    Cash goes out of ``by_id``'s open drawer; a transfer is payable until ``settle_refund``, and
    what goes back to the online payment ``order_number`` until the gateway has sent it
    (``gateway_returns.send``).
    Source: PAY-1, PAY-4.
    Locks:  the online payment, the key, the shift, the account.
    Raises: RefusedError (PAY-4: more than is free, or than was paid online, the last bill is to
            come, it takes two; PAY-3 without an open shift or enough in the drawer; PAY-1);
            BadInputError.
    """
    check_refund(amount_fen=amount_fen, means=means, payee=payee)
    order = hold_order(order_number, account_id=account_id) if means == GATEWAY else None
    lock_key(key)
    whereto = order_number or payee.account[-4:]
    digest = digest_of("refund", account_id, amount_fen, means, reason_id, whereto)
    if (before := done_before(Refund, key=key, digest=digest)) is not None:
        return before
    shift = hold_open_shift(by_id) if means == CASH else None
    account = lock_account(account_id)
    reason = reason_for(Reason.Purpose.REFUND, reason_id)
    check_free(refundable(account, at=at), amount_fen=amount_fen, reason=reason)
    hold_to_limit("refund", rule="PAY-4", by_id=by_id, amount_fen=amount_fen, approval=approval)
    if shift is not None:
        _check_drawer(shift, amount_fen=amount_fen)
    if order is not None:
        check_left(order, amount_fen=amount_fen)
    refunded = Refund.objects.create(
        key=key,
        digest=digest,
        account=account,
        amount_fen=amount_fen,
        means=means,
        reason=reason,
        note=check_note(remark),
        payee_name=payee.name.strip()[:80],
        payee_bank=payee.bank.strip()[:80],
        payee_account=payee.account,
        state=Refund.State.PAID if means == CASH else Refund.State.PAYABLE,
        journal=_post(account, amount_fen=amount_fen, means=means, key=key, at=at, by_id=by_id),
        at=at,
        by_id=by_id,
        approval=approval,
        settled_at=at if means == CASH else None,
        settled_by_id=by_id if means == CASH else None,
    )
    if shift is not None:
        _out_of_drawer(shift, refunded, at=at, by_id=by_id)
    if order is not None:
        ask_back(order, refunded, at=at)
    _record("refund.make", refunded, at=at, by_id=by_id)
    return refunded


def check_refund(*, amount_fen: int, means: str, payee: Payee) -> None:
    """Raises: BadInputError with all that is missing."""
    faults = []
    if amount_fen <= 0:
        faults.append(("amount", "金额须大于零。"))
    if means not in Refund.Means.values:
        faults.append(("means", "退款只有现金、转帐和原路退回三种方式。"))
    if means != GATEWAY and not payee.name.strip():
        faults.append(("payee_name", "请填写收款人。"))
    if means == Refund.Means.TRANSFER and not (payee.bank.strip() and payee.account.strip()):
        faults.append(("payee_account", "转帐退款须填写开户行和收款帐号。"))
    if faults:
        raise BadInputError(*faults)


def check_free(found: Refundable, *, amount_fen: int, reason: Reason) -> None:
    """Raises: RefusedError (PAY-4), with the one sentence that says what to do first."""
    if reason.code == ENDED and not found.ended:
        raise refuse(
            "PAY-4",
            "帐户仍为 %(n)s 个用户付费，不是销户退余额；请改选原因",
            n=found.alive,
        )
    if found.last_bill_to_come:
        raise refuse("PAY-4", "最后一张帐单还没有出，请出帐以后再退余额")
    hold_free(found, rule="PAY-4", amount_fen=amount_fen)


def hold_free(found: Refundable, *, rule: str, amount_fen: int) -> None:
    """Raises: RefusedError under ``rule`` when the account has not that much to give."""
    if amount_fen <= found.free_fen:
        return
    if found.invoices and amount_fen <= found.cash_fen - found.due_fen:
        raise refuse(
            rule,
            "余额中有 %(fen)s 元已开预存发票 %(number)s，请先红冲发票",
            fen=yuan(found.invoiced_fen),
            number=found.invoices[0].full_number,
        )
    raise refuse(
        rule,
        "公用账本可动用的现金只有 %(free)s 元，不够 %(amount)s 元",
        free=yuan(found.free_fen),
        amount=yuan(amount_fen),
    )


def _check_drawer(shift: Shift, *, amount_fen: int) -> None:
    held_fen = shift.opening_float_fen + system_totals(shift.pk)[CASH]
    if held_fen < amount_fen:
        raise refuse(
            "PAY-3",
            "钱箱里只有 %(held)s 元现金，不够退 %(amount)s 元；请改用转帐",
            held=yuan(held_fen),
            amount=yuan(amount_fen),
        )


def _post(
    account: Account, *, amount_fen: int, means: str, key: str, at: datetime, by_id: int
) -> Journal:
    out = house.cash_of("cash") if means == CASH else house.REFUND_PAYABLE
    public = account.ledgers.get(kind=Ledger.Kind.PUBLIC)
    return post(
        kind=Journal.Kind.REFUND,
        legs=[
            Leg(ledger_id=public.pk, amount_fen=-amount_fen),
            Leg(ledger_id=house_ledgers()[out], amount_fen=amount_fen),
        ],
        at=at,
        ref=key,
        by_id=by_id,
    )


def _out_of_drawer(shift: Shift, refunded: Refund, *, at: datetime, by_id: int) -> None:
    note(
        shift,
        journal=refunded.journal,
        account_id=refunded.account_id,
        means=CASH,
        amount_fen=-refunded.amount_fen,
        reference=refunded.code,
        at=at,
    )
    record_revenue(
        channel_id=shift.channel_id,
        staff_id=by_id,
        payment_ref=refunded.code,
        customer_id=refunded.account.owner_id,
        means=CASH,
        amount_fen=-refunded.amount_fen,
        at=at,
    )


def _record(action: str, refunded: Refund, *, at: datetime, by_id: int) -> None:
    audit.record(
        action=action,
        subject=f"refund:{refunded.pk}",
        customer_id=refunded.account.owner_id,
        staff_id=by_id,
        at=at,
        reason=refunded.reason.words,
        detail={"amount_fen": refunded.amount_fen, "means": refunded.means},
    )
