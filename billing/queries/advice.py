"""What the adviser goes by, and what it has said."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from billing.models import AdviceLimit, BundleAccount
from billing.queries.debts import overdue_fen
from billing.rules.leaving import LIMITS
from packages_wo.models import Bundle

TERM_ENDS = """
SELECT m.bundle_id, min(s.term_ends_on)
FROM packages_wo_membership m
JOIN customers_subscription s ON s.id = m.subscription_id AND s.term_ends_on >= %s
WHERE m.bundle_id = ANY (%s::bigint[]) AND m.state = 'in_force'
GROUP BY m.bundle_id
"""


def limits() -> dict[str, int]:
    """Code → limit: the product's own where nobody has set another."""
    return {**LIMITS, **dict(AdviceLimit.objects.values_list("code", "value"))}


def bundles_in_force(
    *, shard: int = 0, shards: int = 1, customer_id: int | None = None
) -> dict[str, list[tuple[int, int]]]:
    """Offering → (bundle, customer) ids in force, of one shard of all or of a customer."""
    found = Bundle.objects.filter(state=Bundle.State.IN_FORCE)
    if customer_id is not None:
        found = found.filter(customer=customer_id)
    rows: dict[str, list[tuple[int, int]]] = {}
    for pk, customer, offering in found.order_by("pk").values_list("pk", "customer_id", "offering"):
        if pk % shards == shard:
            rows.setdefault(offering, []).append((pk, customer))
    return rows


def term_days_left(bundle_ids: Sequence[int], *, on: date) -> dict[int, int]:
    """Bundle → days to the end of the first prepaid term of its members that ends."""
    with connection.cursor() as cursor:
        cursor.execute(TERM_ENDS, [on, list(bundle_ids)])
        return {bundle: (ends_on - on).days for bundle, ends_on in cursor.fetchall()}


def bundles_overdue_fen(bundle_ids: Sequence[int], *, on: date) -> dict[int, int]:
    """Bundle → what its unified account owes after the due day."""
    links = BundleAccount.objects.filter(bundle__in=list(bundle_ids))
    account_of = dict(links.values_list("bundle_id", "account_id"))
    owed = overdue_fen(list(set(account_of.values())), on)
    return {bundle: owed[account] for bundle, account in account_of.items() if account in owed}
