"""Bundles of a customer that becomes another's record."""

from datetime import datetime

from django.db import transaction

from packages_wo.models import Bundle, BundleChange
from packages_wo.queries.locked import lock_bundles

BOTH_CHANGE = "两位客户都有正在办理的融合套餐（开通、变更或解除），请等其中一方办结后再合并。"
UNDER_WAY = (BundleChange.State.ACCEPTED, BundleChange.State.SCHEDULED)


def count_bundles(customer_id: int) -> int:
    """Bundles of this customer in any state."""
    return Bundle.objects.filter(customer=customer_id).count()


def obstacles(first_id: int, second_id: int) -> list[str]:
    """Both have a bundle under way: which composition would hold, nobody could say."""
    under_way = BundleChange.objects.filter(
        bundle__customer__in=(first_id, second_id), state__in=UNDER_WAY
    )
    changing = set(under_way.values_list("bundle__customer", flat=True))
    return [BOTH_CHANGE] if len(changing) == 2 else []


@transaction.atomic
def move_bundles(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """All bundles to the other customer; their keys. Locks: the bundles."""
    found = Bundle.objects.filter(customer=from_id).values_list("pk", flat=True)
    keys = sorted(lock_bundles(found))
    Bundle.objects.filter(pk__in=keys).update(customer=to_id)
    return keys
