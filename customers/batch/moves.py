"""Moving many subscriptions from state to state at once, with the same history as one by one.

Which states a move may come from is taken from the state machine's own declaration, so that a
set-based move can never do what the machine forbids.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from bss.kernel.outbox import announce_many
from customers.models import Subscription, SubscriptionState

DEBT = Subscription.StopReason.DEBT
BLACKLIST = Subscription.StopReason.BLACKLIST
LOT = 500


def sources(move: str) -> frozenset[str]:
    """The states from which the machine allows this transition."""
    return frozenset(str(state) for state in getattr(Subscription, move)._django_fsm.transitions)


def suspend_many(subscription_ids: Collection[int], *, reason: str, at: datetime) -> list[int]:
    """Stop those that can be stopped; gives whom it stopped, in order. Source: CRD-1, CAN-6."""
    return _move(
        {"pk__in": subscription_ids, "state__in": sources("suspend")},
        {"state": Subscription.State.SUSPENDED, "stop_reason": reason, "suspended_at": at},
        event="subscription.suspended",
        at=at,
    )


def lift_many(subscription_ids: Collection[int], *, at: datetime, reason: str = DEBT) -> list[int]:
    """End the stops of this reason. Source: CRD-1, CRD-6."""
    return _lift({"pk__in": subscription_ids}, reason=reason, at=at)


def lift_blacklist_stops(*, owner_id: int, at: datetime) -> list[int]:
    """End what only delisting ends. Source: CAN-6."""
    return _lift({"owner_id": owner_id}, reason=BLACKLIST, at=at)


def pre_terminate_many(subscription_ids: Collection[int], *, at: datetime) -> list[int]:
    """Pre-terminate what is in debt stop; a blacklist stop never becomes that. Source: CRD-4."""
    return _move(
        {"pk__in": subscription_ids, "state__in": sources("pre_terminate"), "stop_reason": DEBT},
        {"state": Subscription.State.PRE_TERMINATED, "pre_terminated_at": at},
        event="subscription.pre_terminated",
        at=at,
    )


def _lift(who: Mapping[str, Any], *, reason: str, at: datetime) -> list[int]:
    stopped = sources("resume") & {Subscription.State.SUSPENDED.value}
    return _move(
        {**who, "state__in": stopped, "stop_reason": reason},
        {"state": Subscription.State.ACTIVE, "stop_reason": "", "suspended_at": None},
        event="subscription.stop_lifted",
        at=at,
    )


def _move(
    who: Mapping[str, Any], becomes: Mapping[str, Any], *, event: str, at: datetime
) -> list[int]:
    """Lock, move, record and announce, in lots that a handler can take at once.

    Locks: the subscriptions, in the order of their keys.
    """
    found = Subscription.objects.select_for_update().filter(**who).order_by("pk")
    moved = list(found.values_list("pk", flat=True))
    if not moved:
        return []
    Subscription.objects.filter(pk__in=moved).update(**becomes)
    open_rows = SubscriptionState.objects.filter(subscription__in=moved, valid_until__isnull=True)
    open_rows.update(valid_until=at)
    SubscriptionState.objects.bulk_create(
        SubscriptionState(
            subscription_id=subscription_id,
            state=becomes["state"],
            stop_reason=becomes.get("stop_reason", _kept_reason(becomes["state"])),
            valid_from=at,
        )
        for subscription_id in moved
    )
    lots = [moved[place : place + LOT] for place in range(0, len(moved), LOT)]
    announce_many(event, [{"subscription_ids": lot} for lot in lots], at=at)
    return moved


def _kept_reason(state: str) -> str:
    """What is pre-terminated was in debt stop, and says so."""
    return DEBT if state == Subscription.State.PRE_TERMINATED else ""
