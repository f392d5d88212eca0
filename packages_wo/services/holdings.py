"""What a subscription has by itself: its own plan and its value-added products."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from bss.kernel.outbox import announce
from bss.kernel.periods import business_date
from customers.queries.locked import lock_subscription
from customers.rules.services import BROADBAND
from packages_wo.models import PlanChange, SubscriptionPlan, SubscriptionVas
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.rules.effective_dates import effective_on


@transaction.atomic
def start_plan(*, subscription_id: int, plan: str, at: datetime) -> SubscriptionPlan:
    """The single-user plan a subscription begins with; a broadband gets its speed. Source: EFF-2.

    A speed that the subscription has already stays.
    """
    subscription = lock_subscription(subscription_id)
    if subscription.service == BROADBAND and subscription.speed_kbps is None:
        subscription.speed_kbps = catalogue_on(business_date(at)).plans[plan].speed_kbps
        subscription.save(update_fields=["speed_kbps"])
    return SubscriptionPlan.objects.create(subscription=subscription, plan=plan, valid_from=at)


@transaction.atomic
def schedule_plan_change(
    *, subscription_id: int, plan: str, order_ref: str, completed_at: datetime
) -> date:
    """A new own plan from the 1st after; of several for that 1st the last completed counts."""
    lock_subscription(subscription_id)
    due_on = effective_on(completed_at)
    PlanChange.objects.filter(
        subscription=subscription_id, effective_on=due_on, state=PlanChange.State.DUE
    ).update(state=PlanChange.State.SUPERSEDED)
    PlanChange.objects.create(
        subscription_id=subscription_id,
        plan=plan,
        order_ref=order_ref,
        completed_at=completed_at,
        effective_on=due_on,
    )
    return due_on


@transaction.atomic
def open_vas(*, subscription_id: int, product: str, at: datetime) -> None:
    """The product from this moment; once more changes nothing."""
    lock_subscription(subscription_id)
    if _held(subscription_id, product).exists():
        return
    SubscriptionVas.objects.create(subscription_id=subscription_id, product=product, valid_from=at)
    announce("vas.opened", {"subscription_id": subscription_id, "product": product}, at=at)


@transaction.atomic
def close_vas(*, subscription_id: int, product: str, at: datetime) -> None:
    """Without the product from this moment."""
    lock_subscription(subscription_id)
    if _held(subscription_id, product).update(valid_until=at):
        announce("vas.closed", {"subscription_id": subscription_id, "product": product}, at=at)


@transaction.atomic
def end_holdings(*, subscription_id: int, at: datetime) -> None:
    """With the subscription end its plan, its products, and plan changes that were to come."""
    lock_subscription(subscription_id)
    SubscriptionPlan.objects.filter(subscription=subscription_id, valid_until__isnull=True).update(
        valid_until=at
    )
    SubscriptionVas.objects.filter(subscription=subscription_id, valid_until__isnull=True).update(
        valid_until=at
    )
    PlanChange.objects.filter(subscription=subscription_id, state=PlanChange.State.DUE).update(
        state=PlanChange.State.SUPERSEDED
    )


def _held(subscription_id: int, product: str) -> QuerySet[SubscriptionVas]:
    return SubscriptionVas.objects.filter(
        subscription=subscription_id, product=product, valid_until__isnull=True
    )
