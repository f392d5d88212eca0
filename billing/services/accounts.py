"""Accounts are opened, linked to what they pay, and handed on (ACC-1, ACC-8)."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from billing.models import (
    Account,
    Bill,
    BillLine,
    BundleAccount,
    DebtStop,
    Journal,
    Ledger,
    PayRelation,
)
from billing.queries.house import house_ledgers
from billing.queries.payers import payer_of
from billing.rules import house
from billing.services.posting import Leg, post
from bss.kernel.errors import BadInputError
from bss.kernel.periods import Month, day_start
from customers.models import Customer, Subscription

__all__ = [
    "link_bundle",
    "open_independent",
    "open_unified",
    "payer_of",
    "record_arrears",
    "transfer_account",
]

PUBLIC = "public"
MONTHS_LONG_OVERDUE = 3


@transaction.atomic
def open_independent(
    *, subscription_id: int, at: datetime, valid_from: datetime | None = None
) -> Account:
    """The subscription's own account with its public ledger; it pays from ``valid_from`` on.

    Source: ACC-1.
    """
    subscription = Subscription.objects.select_related("owner").get(pk=subscription_id)
    account = _own_account(subscription, subscription.owner, at=at)
    PayRelation.objects.create(
        subscription=subscription, account=account, valid_from=valid_from or at
    )
    return account


@transaction.atomic
def open_unified(*, owner_id: int, name: str, at: datetime) -> Account:
    """A unified account of a company, with its one public ledger. Source: ACC-1."""
    number = _next_number()
    account = Account.objects.create(
        id=number,
        code=f"T{number:09d}",
        name=name,
        kind=Account.Kind.UNIFIED,
        owner_id=owner_id,
        opened_at=at,
    )
    _open_public_ledger(account, at=at)
    return account


@transaction.atomic
def link_bundle(*, bundle_id: int, account_id: int) -> BundleAccount:
    """Say which unified account pays a bundle; said again, it changes nothing.

    Raises: BadInputError when the account is independent, or another one pays the bundle.
    """
    account = Account.objects.get(pk=account_id)
    if account.kind != Account.Kind.UNIFIED:
        raise BadInputError(("account", "融合套餐只能由统一帐户付费。"))
    link, _ = BundleAccount.objects.get_or_create(
        bundle_id=bundle_id, defaults={"account_id": account_id}
    )
    if link.account_id != account_id:
        raise BadInputError(("account", "该套餐已由另一统一帐户付费。"))
    return link


@transaction.atomic
def transfer_account(*, subscription_id: int, new_owner_id: int, at: datetime) -> Account:
    """A new independent account of the new owner; it pays at once, unless a unified one does.

    The old account, its balance and its debts stay with the old owner.
    Source: ACC-8.
    Locks:  the subscription's current own account.
    """
    old = Account.objects.select_for_update(no_key=True).get(
        subscription_id=subscription_id, current=True
    )
    old.current = False
    old.save(update_fields=["current"])
    subscription = Subscription.objects.get(pk=subscription_id)
    new = _own_account(subscription, Customer.objects.get(pk=new_owner_id), at=at)
    paying = PayRelation.objects.filter(
        subscription_id=subscription_id, account=old, valid_until__isnull=True
    ).first()
    if paying is not None:
        paying.valid_until = at
        paying.save(update_fields=["valid_until"])
        PayRelation.objects.create(subscription=subscription, account=new, valid_from=at)
    return new


@transaction.atomic
def record_arrears(
    *, account_id: int, amount_fen: int, since: date | datetime, at: datetime | None = None
) -> Bill:
    """A debt from before the system, long overdue on ``since`` already: paid before any bill.

    A debt stop that its subscription is in remembers this account as its cause (CRD-1).
    """
    if amount_fen <= 0:
        raise BadInputError(("amount", "期初欠费须大于零。"))
    account = Account.objects.select_related("subscription").get(pk=account_id)
    moment = since if isinstance(since, datetime) else day_start(since)
    overdue_month = Month.of(moment).plus(-MONTHS_LONG_OVERDUE)
    bill = Bill.objects.create(
        account=account,
        month=None,
        issued_at=moment,
        due_on=overdue_month.first_day - timedelta(days=1),
        total_fen=amount_fen,
    )
    BillLine.objects.create(
        bill=bill,
        subscription=account.subscription,
        item=BillLine.Item.ADJUSTMENT,
        position=1,
        amount_fen=amount_fen,
        why={"opening": True},
    )
    ledgers = house_ledgers()
    post(
        kind=Journal.Kind.OPENING,
        legs=[
            Leg(ledger_id=ledgers[house.RECEIVABLE], amount_fen=-amount_fen),
            Leg(ledger_id=ledgers[house.OPENING], amount_fen=amount_fen),
        ],
        at=at or moment,
        ref=account.code,
    )
    _remember_stop(account)
    return bill


def _remember_stop(account: Account) -> None:
    subscription = account.subscription
    if subscription is None or subscription.stop_reason != Subscription.StopReason.DEBT:
        return
    DebtStop.objects.get_or_create(
        subscription=subscription,
        account=account,
        lifted_at=None,
        defaults={"stopped_at": subscription.suspended_at},  # type: ignore[misc]
    )


def _own_account(subscription: Subscription, owner: Customer, *, at: datetime) -> Account:
    number = _next_number()
    account = Account.objects.create(
        id=number,
        code=f"D{number:09d}",
        name=owner.name,
        kind=Account.Kind.INDEPENDENT,
        owner=owner,
        subscription=subscription,
        opened_at=at,
    )
    _open_public_ledger(account, at=at)
    return account


def _open_public_ledger(account: Account, *, at: datetime) -> None:
    Ledger.objects.create(account=account, kind=Ledger.Kind.PUBLIC, name=PUBLIC, opened_at=at)


def _next_number() -> int:
    """The next account id, taken beforehand because the code shows it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('billing_account', 'id'))")
        return int(cursor.fetchone()[0])
