"""The locks of this app: customers before subscriptions, each in the order of primary keys."""

from collections.abc import Iterable

from bss.kernel.errors import BadInputError
from customers.models import Customer, Subscription

MERGED_AWAY = "此客户已并入另一位客户，请在保留的客户上办理。"


def lock_customer(customer_id: int) -> Customer:
    """Raises: BadInputError, when it was merged into another meanwhile; Customer.DoesNotExist."""
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    if customer.merged_into_id is not None:
        raise BadInputError(("", MERGED_AWAY))
    return customer


def lock_subscription(subscription_id: int) -> Subscription:
    """Raises: Subscription.DoesNotExist."""
    found = Subscription.objects.select_for_update()
    subscription: Subscription = found.get(pk=subscription_id)
    return subscription


def lock_subscriptions(subscription_ids: Iterable[int]) -> dict[int, Subscription]:
    """The subscriptions, locked, by id; those that do not exist are not in it."""
    wanted = list(subscription_ids)
    if not wanted:
        return {}
    found = Subscription.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    return {subscription.pk: subscription for subscription in found}


def hold_subscriptions(subscription_ids: Iterable[int]) -> list[int]:
    """The same lock for those who need no more of them than their keys."""
    found = Subscription.objects.select_for_update().filter(pk__in=list(subscription_ids))
    return list(found.order_by("pk").values_list("pk", flat=True))
