"""The members' present state, as parsing takes it (PAR-12)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from customers.models import Subscription
from orders.rules.parsing import MemberToday
from packages_wo.models import Membership, SubscriptionVas


def members_today(
    subscriptions: Iterable[Subscription],
    *,
    new: frozenset[int] = frozenset(),
    bundle_id: int | None = None,
    next_speeds: Mapping[int, int | None] | None = None,
) -> dict[int, MemberToday]:
    """Subscription → what it is today, with what ``bundle_id`` opened for it."""
    found = {subscription.pk: subscription for subscription in subscriptions}
    products: dict[int, set[str]] = defaultdict(set)
    there = SubscriptionVas.objects.filter(subscription__in=found, valid_until__isnull=True)
    for subscription_id, product in there.values_list("subscription_id", "product"):
        products[subscription_id].add(product)
    opened: dict[int, list[str]] = {}
    if bundle_id is not None:
        opened = dict(
            Membership.objects.filter(
                bundle=bundle_id, subscription__in=found, state=Membership.State.IN_FORCE
            ).values_list("subscription_id", "opened_vas")
        )
    return {
        pk: MemberToday(
            id=pk,
            service=subscription.service,
            new=pk in new,
            speed_kbps=subscription.speed_kbps,
            vas=frozenset(products[pk]),
            opened_vas=frozenset(opened.get(pk, ())),
            next_speed_kbps=(next_speeds or {}).get(pk),
        )
        for pk, subscription in found.items()
    }
