"""Bundles as they are, were and will be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from bss.kernel.any_of import AnyOf
from customers.rules.services import M3G
from packages_wo.models import Bundle, BundleChange, BundleTerm, Membership
from packages_wo.queries.members import own_plans
from packages_wo.rules.composition import (
    VPN_TERMINAL,
    Composition,
    PackIn,
    bundle_plan_code,
)

PENDING = (BundleChange.State.ACCEPTED, BundleChange.State.SCHEDULED)
COMPOSED = ("scheme", "tier", "base", "packs", "main_id", "separate_3g")
"""What of a change makes its composition, after the bundle's offering."""


def composition(
    offering: str,
    scheme: str,
    tier: int | None,
    base: Iterable[int],
    packs: Iterable[Mapping[str, Any]],
    main_id: int | None,
    separate_3g: bool,
) -> Composition:
    """A bundle of this offering as the fields ``COMPOSED`` of a change say it."""
    return Composition(
        offering=offering,
        scheme=scheme,
        tier=tier or 0,
        base=tuple(base),
        packs=tuple(PackIn(pack=p["pack"], terminal=p["terminal"]) for p in packs),
        main=main_id,
        separate_3g=separate_3g,
    )


def composition_of(change: BundleChange) -> Composition:
    """The whole composition that an opening or a change leads to (none after a cancellation)."""
    return composition(change.bundle.offering, *(getattr(change, field) for field in COMPOSED))


def compositions_in_force(bundle_ids: Iterable[int]) -> dict[int, Composition]:
    """What each bundle is now; those that are not in force are not in it."""
    terms = BundleTerm.objects.filter(AnyOf("bundle", bundle_ids), valid_until__isnull=True)
    rows = terms.values_list(
        "bundle_id", "bundle__offering", *(f"change__{field}" for field in COMPOSED)
    )
    return {bundle_id: composition(*composed) for bundle_id, *composed in rows}


def composition_in_force(bundle_id: int) -> Composition | None:
    """What the bundle is now; None when it is not in force."""
    term = (
        BundleTerm.objects.select_related("change__bundle")
        .filter(bundle=bundle_id, valid_until__isnull=True)
        .first()
    )
    return composition_of(term.change) if term else None


def composition_on(bundle_id: int, day: date) -> Composition | None:
    """What the bundle was on a day; None when it was not in force."""
    term = terms_on(day).select_related("change__bundle").filter(bundle=bundle_id).first()
    return composition_of(term.change) if term else None


def composition_shown(bundle: Bundle) -> Composition:
    """What a page shows: in force; pending or cancelled what was ordered; ended the last one."""
    term = (
        BundleTerm.objects.select_related("change__bundle")
        .filter(bundle=bundle)
        .order_by("-valid_from")
        .first()
    )
    if term is not None:
        return composition_of(term.change)
    opening = BundleChange.objects.select_related("bundle").get(
        bundle=bundle, kind=BundleChange.Kind.OPEN
    )
    return composition_of(opening)


def pending_change(bundle_id: int) -> BundleChange | None:
    """The change or cancellation that is accepted and not yet in force, if there is one."""
    return (
        BundleChange.objects.select_related("bundle")
        .filter(bundle=bundle_id, state__in=PENDING)
        .exclude(kind=BundleChange.Kind.OPEN)
        .order_by("-id")
        .first()
    )


def shown_plan(subscription_ids: Iterable[int]) -> dict[int, str]:
    """The plan each shows now: the bundle's while a member with its plan, else its own."""
    wanted = list(subscription_ids)
    shown = own_plans(wanted)
    for membership, term in _bundle_plans(wanted):
        shown[membership.subscription_id] = bundle_plan_code(
            offering=membership.bundle.offering, scheme=term.scheme, tier=term.tier
        )
    return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPart:
    """A subscription's part in a bundle on a day."""

    bundle_id: int
    subscription_id: int
    part: str
    service: str


def memberships_on(day: date) -> QuerySet[Membership]:
    """The memberships in force on a business day."""
    return Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day
    )


def terms_on(day: date) -> QuerySet[BundleTerm]:
    """The terms in force on a business day."""
    return BundleTerm.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day
    )


def parts_on(day: date, *, bundle_ids: Iterable[int] | None = None) -> list[MemberPart]:
    """Who was what in which bundle on a day, in the bundles' order."""
    found = memberships_on(day).order_by("bundle", "position", "id")
    if bundle_ids is not None:
        found = found.filter(bundle__in=list(bundle_ids))
    rows = found.values_list("bundle_id", "subscription_id", "part", "subscription__service")
    return [
        MemberPart(bundle_id=bundle, subscription_id=subscription, part=part, service=service)
        for bundle, subscription, part, service in rows
    ]


def _bundle_plans(subscription_ids: list[int]) -> list[tuple[Membership, BundleTerm]]:
    memberships = list(
        Membership.objects.filter(
            subscription__in=subscription_ids, state=Membership.State.IN_FORCE
        )
        .exclude(part=VPN_TERMINAL)
        .exclude(subscription__service=M3G)
        .select_related("bundle")
    )
    bundle_ids = {membership.bundle_id for membership in memberships}
    terms = {
        term.bundle_id: term
        for term in BundleTerm.objects.filter(bundle__in=bundle_ids, valid_until__isnull=True)
    }
    return [(membership, terms[membership.bundle_id]) for membership in memberships]
