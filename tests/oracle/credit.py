"""Debt stop, stop of the blacklisted, and pre-termination (CRD, CAN-6)."""

from datetime import date, datetime

from tests.oracle.entities import Account, Bill, Stop, Subscription
from tests.oracle.months import begins_at, month_of
from tests.oracle.world import World

DAYS_TO_PRE_TERMINATION = 90
DAYS_OVERDUE = 30


def run(world: World, *, at: datetime) -> None:
    """The credit run of ``at``'s day: three things, each on what the one before left."""
    for subscription in world.subscriptions.values():
        _pre_terminate(subscription, at=at)
    for subscription in world.subscriptions.values():
        if subscription.state == "active" and world.owner(subscription).listed == "black":
            _suspend(subscription, None, at=at)
    debtors = [account for account in world.accounts.values() if _stops(account, at.date())]
    causes: dict[str, set[str]] = {}
    for account in debtors:
        for sub in _stopped_by(world, account):
            if not _red_listed(world, sub, account):
                causes.setdefault(sub, set()).add(account.name)
    for sub, accounts in causes.items():
        if world.subscriptions[sub].state == "active":
            _suspend(world.subscriptions[sub], accounts, at=at)


def end_stops(world: World, *, at: datetime) -> None:
    """A debt stop ends at once when none of its accounts has overdue debt any more (CRD-1)."""
    for subscription in world.subscriptions.values():
        stop = subscription.stop
        if subscription.state != "suspended" or not stop or stop.accounts is None:
            continue
        if not any(world.account(name).overdue(at.date()) for name in stop.accounts):
            subscription.states.append((at, "active"))
            subscription.stop = None


def _pre_terminate(subscription: Subscription, *, at: datetime) -> None:
    stop = subscription.stop
    if subscription.state != "suspended" or not stop or stop.accounts is None:
        return
    if (at.date() - stop.since).days >= DAYS_TO_PRE_TERMINATION:
        subscription.states.append((at, "pre_terminated"))


def _suspend(subscription: Subscription, accounts: set[str] | None, *, at: datetime) -> None:
    subscription.states.append((at, "suspended"))
    subscription.stop = Stop(at.date(), accounts)


def _stops(account: Account, today: date) -> bool:
    """Whether the account has a debt that stops (CRD-1: a and b)."""
    return any(_bill_stops(bill, today) for bill in account.bills)


def _bill_stops(bill: Bill, today: date) -> bool:
    if bill.due == 0:
        return False
    if bill.due_on is None:
        return True
    overdue_from = date.fromordinal(bill.due_on.toordinal() + 1)
    in_earlier_month = month_of(overdue_from) < month_of(today)
    return in_earlier_month and (today - bill.due_on).days > DAYS_OVERDUE


def _stopped_by(world: World, account: Account) -> list[str]:
    if not account.unified:
        return [sub for sub, row in world.subscriptions.items() if row.account == account.name]
    paid = world.paid_now_by(account.name)
    if paid:
        return [sub for sub in paid if world.subscriptions[sub].service != "m3g"]
    return _former_main(world, account)


def _former_main(world: World, account: Account) -> list[str]:
    """The main number of the bundle that ended last, if its owner is still the same (CAN-8)."""
    ended = [
        bundle
        for bundle in world.bundles.values()
        if bundle.account == account.name and bundle.state == "ended"
    ]
    if not ended:
        return []
    last = max(ended, key=lambda bundle: (bundle.ended_in, bundle.ordered))
    main = world.subscriptions[last.latest.main]
    if main.owner_since and main.owner_since >= begins_at(last.ended_in):
        return []
    return [main.id]


def _red_listed(world: World, sub: str, debtor: Account) -> bool:
    subscription = world.subscriptions[sub]
    payer = world.account(world.payer_now(sub))
    owners = {subscription.owner, debtor.owner, payer.owner}
    return any(world.customers[owner].listed == "red" for owner in owners)
