"""Which account pays a subscription, at which moment (GEN-5)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from billing.models import Account, PayRelation


def payers_of(subscription_ids: Collection[int], at: datetime) -> dict[int, int]:
    """Subscription id → id of the account that pays it at that moment."""
    relations = PayRelation.objects.filter(subscription__in=subscription_ids, valid_from__lte=at)
    in_force = relations.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    return dict(in_force.values_list("subscription_id", "account_id"))


def payer_of(subscription_id: int, at: datetime) -> Account:
    """The account that pays the subscription at that moment.

    Raises: PayRelation.DoesNotExist.
    """
    relations = PayRelation.objects.filter(subscription=subscription_id, valid_from__lte=at)
    in_force = relations.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    return in_force.select_related("account").get().account
