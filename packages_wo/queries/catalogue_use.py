"""What a new version of the catalogue must still have: what somebody holds or is about to."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from packages_wo.models import (
    BundleChange,
    BundleTerm,
    PlanChange,
    SubscriptionPlan,
    SubscriptionVas,
)
from packages_wo.queries.bundles import PENDING
from packages_wo.rules.catalogue import Catalogue

Fault = tuple[str, str]


def lost_codes(catalogue: Catalogue) -> Iterator[Fault]:
    """Plans, products, tiers and packs in use that this version lacks, as (place, sentence)."""
    held = SubscriptionPlan.objects.filter(valid_until__isnull=True)
    due = PlanChange.objects.filter(state=PlanChange.State.DUE)
    for plan in sorted(_codes(held, "plan") | _codes(due, "plan")):
        if plan not in catalogue.plans:
            yield f"plans.{plan}", "仍有用户使用，不能从目录中去掉"
    for product in sorted(
        _codes(SubscriptionVas.objects.filter(valid_until__isnull=True), "product")
    ):
        if product not in catalogue.vas:
            yield f"vas.{product}", "仍有用户使用，不能从目录中去掉"
    for change in _changes_that_count():
        offering = change.bundle.offering
        known = catalogue.offerings.get(offering)
        if known is None or change.tier not in known.tiers:
            yield f"bundles.{offering}.tiers.{change.tier}", "仍有融合套餐使用，不能从目录中去掉"
        for pack in change.packs:
            if pack["pack"] not in catalogue.packs:
                yield f"packs.{pack['pack']}", "仍有融合套餐使用，不能从目录中去掉"


def _codes(rows: "QuerySet[Any]", field: str) -> set[str]:
    return set(rows.order_by(field).values_list(field, flat=True).distinct())


def _changes_that_count() -> list[BundleChange]:
    """The compositions in force and those on their way, one of each kind."""
    in_force = BundleTerm.objects.filter(valid_until__isnull=True).values("change")
    changes = BundleChange.objects.exclude(kind=BundleChange.Kind.CANCEL)
    return list(
        (changes.filter(pk__in=in_force) | changes.filter(state__in=PENDING))
        .select_related("bundle")
        .order_by("bundle__offering", "tier", "packs")
        .distinct("bundle__offering", "tier", "packs")
    )
