"""A customer's bundles in short: terms, how many members, and this month's pool."""

from dataclasses import dataclass

from django.db.models import Count, Q

from bss.kernel.periods import Month
from packages_wo.models import Bundle, BundleChange, BundleTerm, Membership, Pool
from packages_wo.queries.names import offering_names


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleCard:
    """One bundle of a customer."""

    bundle: Bundle
    offering: str
    scheme: str
    tier: int | None
    members: int
    pool: Pool | None
    pending: BundleChange | None


def bundle_cards(customer_id: int, *, month: Month) -> list[BundleCard]:
    """The bundles that live first; five queries, however many there are."""
    living = Q(memberships__state__in=[Membership.State.PENDING, Membership.State.IN_FORCE])
    bundles = list(
        Bundle.objects.filter(customer=customer_id)
        .annotate(members=Count("memberships", filter=living))
        .order_by("ends_on", "-id")
    )
    bundles.sort(key=lambda b: b.state in (Bundle.State.ENDED, Bundle.State.CANCELLED))
    ids = [bundle.pk for bundle in bundles]
    terms = {
        t.bundle_id: t for t in BundleTerm.objects.filter(bundle__in=ids).order_by("valid_from")
    }
    pools = {p.bundle_id: p for p in Pool.objects.filter(bundle__in=ids, month=month.first_day)}
    openings, pending = _changes(ids)
    names = offering_names(month.first_day)
    return [
        BundleCard(
            bundle=bundle,
            offering=names.get(bundle.offering, bundle.offering),
            scheme=(terms.get(bundle.pk) or openings[bundle.pk]).scheme,
            tier=(terms.get(bundle.pk) or openings[bundle.pk]).tier,
            members=bundle.members,  # type: ignore[attr-defined]
            pool=pools.get(bundle.pk),
            pending=pending.get(bundle.pk),
        )
        for bundle in bundles
    ]


def _changes(bundle_ids: list[int]) -> tuple[dict[int, BundleChange], dict[int, BundleChange]]:
    """Bundle id → its opening, and → its change or cancellation on the way."""
    openings: dict[int, BundleChange] = {}
    pending: dict[int, BundleChange] = {}
    on_the_way = (BundleChange.State.ACCEPTED, BundleChange.State.SCHEDULED)
    for change in BundleChange.objects.filter(bundle__in=bundle_ids).order_by("id"):
        if change.kind == BundleChange.Kind.OPEN:
            openings[change.bundle_id] = change
        elif change.state in on_the_way:
            pending[change.bundle_id] = change
    return openings, pending
