"""What becomes of special ledgers when members leave a bundle, or it ends (CHG-2, CAN-7)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from billing.models import Account, Entry, Journal, Ledger, LedgerRelease
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_accounts
from billing.rules import house
from billing.services.moves import lapse_gift, move
from billing.services.posting import GIFT, Leg, post
from billing.services.settlement import settle

TO_COME = LedgerRelease.State.TO_COME


def leave_with_money(
    *, account_id: int, subscription_ids: Iterable[int], gift_stays: bool, at: datetime
) -> None:
    """The ledgers that name one who leaves go to the public ledger of its own account.

    Cash parts to come are released into it; gift parts lapse. Gift money stays gift money when a
    change removes the member (CHG-2), and lapses when the bundle ends (CAN-7).
    Locks: the unified account and the own ones.
    """
    for subscription_id in subscription_ids:
        named = _special(account_id).filter(scope_subscriptions=[subscription_id])
        if not named.exists():
            continue
        own = Account.objects.get(subscription=subscription_id, current=True)
        lock_accounts([account_id, own.pk])
        target = own.ledgers.get(kind=Ledger.Kind.PUBLIC)
        for ledger in named.order_by("id"):
            move(source=ledger, target=target, at=at, gift_too=gift_stays)
            lapse_gift(ledger=ledger, at=at)
            _lapse_gift_parts(ledger, at=at)
            ledger.releases.filter(state=TO_COME).update(target=target)
        settle(account_ids=[own.pk], at=at)


def free_special_money(*, account_id: int, at: datetime) -> None:
    """The account pays no subscription any more: special cash is public, gifts lapse (CAN-7).

    Parts to come that do not belong to one who left come at once, expired or not.
    Locks: the account.
    """
    special = list(_special(account_id).order_by("id"))
    if not special:
        return
    lock_accounts([account_id])
    public = Ledger.objects.get(account=account_id, kind=Ledger.Kind.PUBLIC)
    for ledger in special:
        lapse_gift(ledger=ledger, at=at)
        move(source=ledger, target=public, at=at)
        _lapse_gift_parts(ledger, at=at)
        _release_all(ledger, public, at=at)
    settle(account_ids=[account_id], at=at)


def _special(account_id: int) -> QuerySet[Ledger]:
    return Ledger.objects.filter(account=account_id, kind=Ledger.Kind.SPECIAL)


def _lapse_gift_parts(ledger: Ledger, *, at: datetime) -> None:
    parts = ledger.releases.filter(state=TO_COME, money=Entry.Money.GIFT)
    amount_fen = sum(parts.values_list("amount_fen", flat=True))
    if not amount_fen:
        return
    houses = house_ledgers()
    journal = post(
        kind=Journal.Kind.LAPSE,
        legs=[
            Leg(ledger_id=houses[house.PREPAID], money=GIFT, amount_fen=-amount_fen),
            Leg(ledger_id=houses[house.GIFT], money=GIFT, amount_fen=amount_fen),
        ],
        at=at,
        ref=ledger.name,
    )
    parts.update(state=LedgerRelease.State.LAPSED, journal=journal)


def _release_all(ledger: Ledger, public: Ledger, *, at: datetime) -> None:
    parts = ledger.releases.filter(state=TO_COME, target=ledger)
    amount_fen = sum(parts.values_list("amount_fen", flat=True))
    if not amount_fen:
        return
    journal = post(
        kind=Journal.Kind.RELEASE,
        legs=[
            Leg(ledger_id=house_ledgers()[house.PREPAID], amount_fen=-amount_fen),
            Leg(ledger_id=public.pk, amount_fen=amount_fen),
        ],
        at=at,
        ref=ledger.name,
    )
    parts.update(state=LedgerRelease.State.RELEASED, journal=journal)
