"""A customer's subscriptions with what they are on and who pays them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from billing.models import Account, PayRelation
from bss.desk.links import address_of
from bss.kernel.periods import business_date
from customers.models import Subscription
from orders.models import NetworkOrder, Order
from packages_wo.models import Membership
from packages_wo.queries.bundles import shown_plan
from packages_wo.queries.names import plan_names

SHOWN_AT_MOST = 200
State = Subscription.State
Type = Order.Type
ENDING = (Type.TRANSFER, Type.TERMINATE)
OPERATIONS: dict[str, tuple[Type, ...]] = {
    State.ACTIVE: (
        Type.CHANGE_PLAN,
        Type.OPEN_VAS,
        Type.CLOSE_VAS,
        Type.HOLD,
        Type.CHANGE_NUMBER,
        Type.REPLACE_SIM,
        *ENDING,
    ),
    State.ON_HOLD: (Type.RESUME, *ENDING),
    State.SUSPENDED: ENDING,
    State.PRE_TERMINATED: (Type.TERMINATE,),
}
CARDS = ("m2g", "m3g")
"""The services that have a SIM card to replace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRow:
    """One line of the customer's subscriptions."""

    subscription: Subscription
    plan: str
    payer: Account | None
    membership: Membership | None
    operations: tuple[tuple[str, str], ...]
    """(label, address) of the single-user business that its state allows."""
    in_network: NetworkOrder | None
    """What the network was last told about it, when it has not done that yet."""


def subscription_rows(owner_id: int, *, at: datetime) -> list[SubscriptionRow]:
    """The living ones first, then those that have ended; eight queries."""
    found = list(
        Subscription.objects.filter(owner=owner_id).order_by("ended_at", "service", "id")[
            :SHOWN_AT_MOST
        ]
    )
    found.sort(key=lambda row: row.state == State.TERMINATED)
    ids = [row.pk for row in found]
    plans, named = shown_plan(ids), plan_names(business_date(at))
    payers = _payers(ids, at=at)
    memberships = {
        row.subscription_id: row
        for row in Membership.objects.filter(
            subscription__in=ids, state__in=[Membership.State.PENDING, Membership.State.IN_FORCE]
        ).select_related("bundle")
    }
    untold = {
        row.subscription_id: row
        for row in NetworkOrder.objects.filter(
            subscription__in=ids, state__in=["ready", "running", "failed"]
        ).order_by("change")
    }
    return [
        SubscriptionRow(
            subscription=row,
            plan=named(plans.get(row.pk, "")),
            payer=payers.get(row.pk),
            membership=memberships.get(row.pk),
            operations=_operations(row),
            in_network=untold.get(row.pk),
        )
        for row in found
    ]


def subscription_counts(owner_id: int) -> dict[str, int]:
    """How many there are, and how many are in use."""
    return Subscription.objects.filter(owner=owner_id).aggregate(
        all=Count("pk"),
        living=Count("pk", filter=~Q(state=State.TERMINATED)),
        stopped=Count("pk", filter=Q(state__in=[State.SUSPENDED, State.PRE_TERMINATED])),
    )


def _operations(subscription: Subscription) -> tuple[tuple[str, str], ...]:
    offered = [
        type_
        for type_ in OPERATIONS.get(subscription.state, ())
        if type_ != Type.REPLACE_SIM or subscription.service in CARDS
    ]
    ways = [
        (str(type_.label), address_of("orders:single", type_.value, subscription=subscription.pk))
        for type_ in offered
    ]
    return tuple((label, url) for label, url in ways if url)


def _payers(subscription_ids: list[int], *, at: datetime) -> dict[int, Account]:
    relations = PayRelation.objects.filter(subscription__in=subscription_ids, valid_from__lte=at)
    in_force = relations.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    return {row.subscription_id: row.account for row in in_force.select_related("account")}
