"""Refunds by transfer: what the bank has paid is settled, what it could not pay comes back."""

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
    Raises: RefusedError (PAY-4: it is settled already, otherwise); BadInputError without a slip.
    """
    reference = bank_reference.strip()[:60]
    if not reference:
        raise BadInputError(("bank_reference", "请填写银行回单号。"))
    refund = _held(refund_id)
    if refund.state == Refund.State.PAID and refund.bank_reference == reference:
        return refund
    _check_payable(refund)
    _post(refund, to=house_ledgers()[house.BANK], at=at, by_id=by_id)
    refund.pay_out(by_id=by_id, at=at)
    refund.bank_reference = reference
    refund.save()
    _record("refund.settle", refund, at=at, by_id=by_id)
    return refund


@transaction.atomic
def return_refund(*, refund_id: int, at: datetime, by_id: int) -> Refund:
    """The bank could not pay it: the money is in the account again and pays what is due.

    Source: PAY-4.
    Locks:  the account.
    Raises: RefusedError (PAY-4: it is settled already).
    """
    refund = _held(refund_id)
    if refund.state == Refund.State.RETURNED:
        return refund
    _check_payable(refund)
    public = Ledger.objects.get(account=refund.account_id, kind=Ledger.Kind.PUBLIC)
    _post(refund, to=public.pk, at=at, by_id=by_id, reverses=refund.journal)
    refund.give_back(by_id=by_id, at=at)
    refund.save()
    _record("refund.return", refund, at=at, by_id=by_id)
    settle(account_ids=[refund.account_id], at=at, by_id=by_id)
    return refund


def _held(refund_id: int) -> Refund:
    lock_account(Refund.objects.values_list("account_id", flat=True).get(pk=refund_id))
    return Refund.objects.select_related("journal", "account", "reason").get(pk=refund_id)


def _check_payable(refund: Refund) -> None:
    if refund.state != Refund.State.PAYABLE:
        raise refuse("PAY-4", "退款 %(code)s 已经办结，请刷新页面查看", code=refund.code)


def _post(
    refund: Refund, *, to: int, at: datetime, by_id: int, reverses: Journal | None = None
) -> Journal:
    return post(
        kind=Journal.Kind.REVERSAL if reverses else Journal.Kind.REFUND,
        legs=[
            Leg(
                ledger_id=house_ledgers()[house.REFUND_PAYABLE],
                amount_fen=-refund.amount_fen,
            ),
            Leg(ledger_id=to, amount_fen=refund.amount_fen),
        ],
        at=at,
        ref=refund.key,
        by_id=by_id,
        reverses=reverses,
    )


def _record(action: str, refund: Refund, *, at: datetime, by_id: int) -> None:
    audit.record(
        action=action,
        subject=f"refund:{refund.pk}",
        customer_id=refund.account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"amount_fen": refund.amount_fen, "bank_reference": refund.bank_reference},
    )
