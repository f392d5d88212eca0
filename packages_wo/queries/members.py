"""Customers and subscriptions as the rules of bundles see them."""

from collections.abc import Collection, Iterable
from datetime import date

from customers.models import Customer, Subscription
from packages_wo.models import Membership, SubscriptionPlan
from packages_wo.rules.member_facts import Member, Owner

LIVING = (Membership.State.PENDING, Membership.State.IN_FORCE)


def own_plans(subscription_ids: Iterable[int]) -> dict[int, str]:
    """Each subscription's own single-user plan: the present one, or the last it had."""
    rows = SubscriptionPlan.objects.filter(subscription__in=list(subscription_ids))
    return dict(rows.order_by("valid_from", "id").values_list("subscription_id", "plan"))


def owner_facts(customer: Customer) -> Owner:
    return Owner(
        customer_id=customer.pk, kind=customer.kind, name=customer.name, listed=customer.listed
    )


def member_facts(
    subscription_ids: Iterable[int], *, on: date, in_arrears: Collection[int] = ()
) -> dict[int, Member]:
    """The subscriptions as members, by id; those that do not exist are not in it.

    Three queries however many there are.
    """
    wanted = list(dict.fromkeys(subscription_ids))
    plans = own_plans(wanted)
    living = Membership.objects.filter(subscription__in=wanted, state__in=LIVING)
    memberships = {membership.subscription_id: membership for membership in living}
    found = Subscription.objects.filter(pk__in=wanted).select_related("owner")
    return {
        subscription.pk: _facts(
            subscription,
            plan=plans.get(subscription.pk, ""),
            membership=memberships.get(subscription.pk),
            in_arrears=subscription.pk in in_arrears,
            on=on,
        )
        for subscription in found
    }


def _facts(
    subscription: Subscription,
    *,
    plan: str,
    membership: Membership | None,
    in_arrears: bool,
    on: date,
) -> Member:
    term_ends_on = subscription.term_ends_on
    return Member(
        subscription_id=subscription.pk,
        number=subscription.number,
        service=subscription.service,
        owner=owner_facts(subscription.owner),
        plan=plan,
        line=subscription.line,
        payment=subscription.payment,
        real_name=subscription.real_name,
        bundle_id=membership.bundle_id if membership else None,
        part=membership.part if membership else "",
        in_force=membership is not None and membership.state == Membership.State.IN_FORCE,
        in_arrears=in_arrears,
        in_term=term_ends_on is not None and term_ends_on >= on,
    )
