"""Payments 收款 come in once per key, and are taken back at most once (PAY-1, PAY-2)."""

from datetime import datetime

from django.db import transaction

from billing.batch.book_payments import CLASH, SAME, Coming, book_held
from billing.models import Ledger, Payment
from billing.queries.house import house_ledger
from billing.queries.locked import lock_account, lock_key
from billing.queries.payers import payer_of
from billing.rules import house
from billing.services.reversals import reverse
from billing.services.settlement import settle
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import refuse
from customers.models import NumberAssignment

__all__ = ["pay", "reverse", "top_up"]


@transaction.atomic
def pay(
    *,
    account_id: int,
    amount_fen: int,
    key: str,
    at: datetime,
    channel_id: int,
    ledger_name: str | None = None,
    means: str = "cash",
    by_id: int | None = None,
    number: str = "",
) -> Payment:
    """Take money into an account's public ledger, or into the special one that is named.

    Unpaid bills are paid at once, oldest first. The same key again gives the first payment.
    Source: PAY-1, ACC-3, ACC-4.
    Locks:  the key, then the account.
    Raises: RefusedError (PAY-1: the key came with another account, ledger or amount);
            BadInputError.
    """
    if amount_fen <= 0:
        raise BadInputError(("amount", "金额须大于零。"))
    if means not in house.MEANS:
        raise BadInputError(("means", "没有这种付款方式。"))
    lock_key(key)
    account = lock_account(account_id)
    one = Coming(
        key=key,
        account_id=account_id,
        amount_fen=amount_fen,
        ledger_id=None if ledger_name is None else _ledger_id(account_id, ledger_name),
        number=number,
    )
    booked = book_held(
        [one],
        means=means,
        source_id=house_ledger(house.cash_of(means)),
        channel_id=channel_id,
        at=at,
        by_id=by_id,
    )[key]
    if booked.outcome == CLASH:
        raise refuse("PAY-1", "流水号 %(key)s 已用于另一笔收款，请核对", key=key)
    if booked.outcome == SAME:
        return Payment.objects.get(key=key)
    assert booked.ledger_id is not None  # the account is held, so its public ledger is there
    assert booked.journal_id is not None
    payment = Payment(  # as its row was written; a desk's every payment would read it again
        pk=booked.payment_id,
        key=key,
        account=account,
        ledger_id=booked.ledger_id,
        amount_fen=amount_fen,
        means=means,
        channel_id=channel_id,
        taken_by_id=by_id,
        number=number,
        at=at,
        journal_id=booked.journal_id,
    )
    _record("payment.take", payment, at=at, by_id=by_id)
    settle(account_ids=[account_id], at=at, by_id=by_id)
    return payment


def top_up(
    *,
    number: str,
    amount_fen: int,
    key: str,
    at: datetime,
    channel_id: int,
    means: str = "cash",
    by_id: int | None = None,
) -> Payment:
    """Take money by phone number, into the public ledger of the account that pays it now.

    Source: ACC-4.
    Raises: BadInputError when nobody has the number; as ``pay``.
    """
    held = NumberAssignment.objects.filter(number=number, valid_from__lte=at)
    holder = held.exclude(valid_until__lte=at).values_list("subscription_id", flat=True).first()
    if holder is None:
        raise BadInputError(("number", "没有用户使用这个号码。"))
    return pay(
        account_id=payer_of(holder, at).pk,
        amount_fen=amount_fen,
        key=key,
        at=at,
        channel_id=channel_id,
        means=means,
        by_id=by_id,
        number=number,
    )


def _record(action: str, payment: Payment, *, at: datetime, by_id: int | None) -> None:
    audit.record(
        action=action,
        subject=f"payment:{payment.pk}",
        customer_id=payment.account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"amount_fen": payment.amount_fen, "means": payment.means},
    )


def _ledger_id(account_id: int, name: str) -> int:
    found = Ledger.objects.filter(account=account_id, name=name).values_list("pk", flat=True)
    if not found:
        raise BadInputError(("ledger", "该帐户没有这个账本。"))
    return found[0]
