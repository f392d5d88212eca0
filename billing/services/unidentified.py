"""Unidentified money 不明来款: given to the account it is for, or back the way it came."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from billing.models import Account, Journal, Ledger, Payment, UnidentifiedPayment
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_account
from billing.rules import house
from billing.rules.banks import APPROVE_FROM_FEN
from billing.services.bank_channels import channel_of_source
from billing.services.gateway_refunds import ask_back_of_nobody
from billing.services.posting import Leg, post
from billing.services.settlement import settle
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.rulebook import refuse
from channels.services.facts import record_revenue

State = UnidentifiedPayment.State
NO_REASON = "请写明依据，例如客户来函、银行回单号。"
NO_ACCOUNT = "没有这个帐户，请核对帐户编号。"
SETTLED = "这笔来款现在是“%(state)s”，不能再处理；请刷新页面查看。"
TWO_PEOPLE = "金额达到 %(limit)s 元，须由另一位同事审批"


def needs_approval(amount_fen: int) -> bool:
    """Whether one person may not settle it alone."""
    return amount_fen >= APPROVE_FROM_FEN


@transaction.atomic
def identify(
    *,
    unidentified_id: int,
    account_id: int,
    reason: str,
    at: datetime,
    by_id: int | None = None,
    approved: bool = False,
) -> UnidentifiedPayment:
    """It is this account's: a payment, as if it had come in for it. The same again: nothing.

    Source: PAY-1, ACC-4.
    Locks:  the account, the money.
    Raises: RefusedError (PAY-1: above the limit without a second person); BadInputError.
    """
    if not Account.objects.filter(pk=account_id).exists():
        raise BadInputError(("account", NO_ACCOUNT))
    account = lock_account(account_id)
    money = hold(unidentified_id, reason=reason)
    if money.state == State.IDENTIFIED and money.payment.account_id == account.pk:  # type: ignore[union-attr]
        return money
    check(money, approved=approved)
    payment = _pay(money, account, at=at, by_id=by_id)
    money.identify(reason=reason.strip(), by_id=by_id, at=at)
    money.payment = payment
    money.save()
    record("identify", money, account=account, reason=reason, at=at, by_id=by_id)
    settle(account_ids=[account.pk], at=at, by_id=by_id)
    return money


@transaction.atomic
def give_back(
    *,
    unidentified_id: int,
    reason: str,
    at: datetime,
    by_id: int | None = None,
    approved: bool = False,
) -> UnidentifiedPayment:
    """It goes back the way it came: off the unidentified ledger, and off the bank.

    What a gateway is to send back is payable until it has sent it (``gateway_returns.send``).
    Source: PAY-1. Locks: the money.
    Raises: RefusedError (PAY-1: above the limit without a second person); BadInputError.
    """
    money = hold(unidentified_id, reason=reason)
    if money.state == State.RETURNED:
        return money
    check(money, approved=approved)
    ledgers = house_ledgers()
    out = house.BANK if money.line else house.REFUND_PAYABLE
    money.returned_by_journal = post(
        kind=Journal.Kind.RETURNED,
        legs=[
            Leg(ledger_id=ledgers[house.UNIDENTIFIED], amount_fen=-money.amount_fen),
            Leg(ledger_id=ledgers[out], amount_fen=money.amount_fen),
        ],
        at=at,
        ref=f"{money.source} {money.reference}",
        by_id=by_id,
    )
    money.give_back(reason=reason.strip(), by_id=by_id, at=at)
    money.save()
    if not money.line:
        ask_back_of_nobody(money, at=at)
    record("give_back", money, account=None, reason=reason, at=at, by_id=by_id)
    return money


def take_again(money: UnidentifiedPayment, legs: Sequence[Leg], *, at: datetime) -> None:
    """It could not be sent back: by these legs it stands on the ledger again, and waits."""
    post(
        kind=Journal.Kind.REVERSAL,
        legs=legs,
        at=at,
        ref=f"{money.source} {money.reference}",
        reverses=money.returned_by_journal,
    )
    money.reopen()
    money.save()


def reopen(payment: Payment) -> None:
    """Its payment was reversed: the money stands on the unidentified ledger again, and waits."""
    money = (
        UnidentifiedPayment.objects.select_for_update(no_key=True).filter(payment=payment).first()
    )
    if money is not None:
        money.reopen()
        money.save()


def hold(unidentified_id: int, *, reason: str) -> UnidentifiedPayment:
    """The money, locked. Raises: BadInputError without a reason."""
    if not reason.strip():
        raise BadInputError(("reason", NO_REASON))
    rows = UnidentifiedPayment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("line", "payment").get(pk=unidentified_id)


def check(money: UnidentifiedPayment, *, approved: bool) -> None:
    """Raises: BadInputError, RefusedError, when it may not be settled (by one person)."""
    if money.state != State.OPEN:
        state = str(State(money.state).label)
        raise BadInputError(("", Sentence(SETTLED, state=state)))
    if needs_approval(money.amount_fen) and not approved:
        raise refuse("PAY-1", TWO_PEOPLE, limit=APPROVE_FROM_FEN // 100)


def _pay(
    money: UnidentifiedPayment, account: Account, *, at: datetime, by_id: int | None
) -> Payment:
    """The payment, out of the unidentified ledger. Its key tells which time it is identified."""
    begin = f"identified:{money.pk}:"
    key = f"{begin}{Payment.objects.filter(key__startswith=begin).count() + 1}"
    ledger = Ledger.objects.get(account=account, kind=Ledger.Kind.PUBLIC)
    journal = post(
        kind=Journal.Kind.PAYMENT,
        legs=[
            Leg(
                ledger_id=house_ledgers()[house.UNIDENTIFIED],
                amount_fen=-money.amount_fen,
            ),
            Leg(ledger_id=ledger.pk, amount_fen=money.amount_fen),
        ],
        at=at,
        ref=key,
        by_id=by_id,
    )
    payment = Payment.objects.create(
        key=key,
        account=account,
        ledger=ledger,
        amount_fen=money.amount_fen,
        means=Payment.Means.TRANSFER if money.line else money.source,
        channel=channel_of_source(money.source),
        taken_by_id=by_id,
        at=at,
        journal=journal,
    )
    record_revenue(
        channel_id=payment.channel_id,
        staff_id=by_id,
        payment_ref=key,
        customer_id=account.owner_id,
        means=payment.means,
        amount_fen=payment.amount_fen,
        at=at,
    )
    return payment


def record(
    act: str,
    money: UnidentifiedPayment,
    *,
    account: Account | None,
    reason: str,
    at: datetime,
    by_id: int | None,
) -> None:
    """Write into the audit what became of it."""
    audit.record(
        action=f"unidentified.{act}",
        subject=f"unidentified:{money.pk}",
        customer_id=account.owner_id if account else None,
        staff_id=by_id,
        at=at,
        reason=reason,
        detail={"amount_fen": money.amount_fen, "account": account.code if account else ""},
    )
