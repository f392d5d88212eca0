"""Refunds that are still to go: what was paid is settled, what could not be paid comes back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from billing.models import Journal, Ledger, Refund
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_account
from billing.rules import house
from billing.services.posting import Leg, post
from billing.services.settlement import settle
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import refuse


@transaction.atomic
def settle_refund(*, refund_id: int, bank_reference: str, at: datetime, by_id: int) -> Refund:
    """The bank has paid it. Again with the same slip, nothing changes.

    Source: PAY-4.
    Locks:  the account.
    Raises: RefusedError (PAY-4: it is settled already, otherwise, or a gateway's to pay);
            BadInputError without a slip.
    """
    reference = bank_reference.strip()[:60]
    if not reference:
        raise BadInputError(("bank_reference", "请填写银行回单号。"))
    refund = _held(refund_id)
    if refund.state == Refund.State.PAID and refund.bank_reference == reference:
        return refund
    _check_payable(refund)
    refund.bank_reference = reference
    pay_out(refund, _legs(refund, to=house_ledgers()[house.BANK]), at=at, by_id=by_id)
    return refund


@transaction.atomic
def return_refund(*, refund_id: int, at: datetime, by_id: int) -> Refund:
    """The bank could not pay it: the money is in the account again and pays what is due.

    Source: PAY-4.
    Locks:  the account.
    Raises: RefusedError (PAY-4: it is settled already, or a gateway's to pay).
    """
    refund = _held(refund_id)
    if refund.state == Refund.State.RETURNED:
        return refund
    _check_payable(refund)
    give_back(refund, at=at, by_id=by_id)
    return refund


def pay_out(refund: Refund, legs: Sequence[Leg], *, at: datetime, by_id: int | None = None) -> None:
    """It is paid: out of what was payable, by these legs; the caller holds what is paid."""
    post(kind=Journal.Kind.REFUND, legs=legs, at=at, ref=refund.key, by_id=by_id)
    refund.pay_out(by_id=by_id, at=at)
    refund.save()
    _record("refund.settle", refund, at=at, by_id=by_id)


def give_back(refund: Refund, *, at: datetime, by_id: int | None) -> None:
    """It could not be paid: into the account again. Locks: the account."""
    lock_account(refund.account_id)
    public = Ledger.objects.get(account=refund.account_id, kind=Ledger.Kind.PUBLIC)
    post(
        kind=Journal.Kind.REVERSAL,
        legs=_legs(refund, to=public.pk),
        at=at,
        ref=refund.key,
        by_id=by_id,
        reverses=refund.journal,
    )
    refund.give_back(by_id=by_id, at=at)
    refund.save()
    _record("refund.return", refund, at=at, by_id=by_id)
    settle(account_ids=[refund.account_id], at=at, by_id=by_id)


def _held(refund_id: int) -> Refund:
    lock_account(Refund.objects.values_list("account_id", flat=True).get(pk=refund_id))
    return Refund.objects.select_related("journal", "account", "reason").get(pk=refund_id)


def _check_payable(refund: Refund) -> None:
    if refund.state != Refund.State.PAYABLE:
        raise refuse("PAY-4", "退款 %(code)s 已经办结，请刷新页面查看", code=refund.code)
    if refund.means == Refund.Means.GATEWAY:
        raise refuse("PAY-4", "退款 %(code)s 由网关原路退回，不经银行付款", code=refund.code)


def _legs(refund: Refund, *, to: int) -> list[Leg]:
    payable = house_ledgers()[house.REFUND_PAYABLE]
    return [
        Leg(ledger_id=payable, amount_fen=-refund.amount_fen),
        Leg(ledger_id=to, amount_fen=refund.amount_fen),
    ]


def _record(action: str, refund: Refund, *, at: datetime, by_id: int | None) -> None:
    audit.record(
        action=action,
        subject=f"refund:{refund.pk}",
        customer_id=refund.account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"amount_fen": refund.amount_fen, "bank_reference": refund.bank_reference},
    )
