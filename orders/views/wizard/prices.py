"""Editions, tiers and schemes side by side, with the check of scheme B's price (ELG-7)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from customers.models import Service
from packages_wo.rules.catalogue import Catalogue, MemberNeeds, Offering, Tier
from packages_wo.rules.eligibility import LEAST_3G_MONTHLY_FEN
from packages_wo.rules.pricing import scheme_b_fee, scheme_b_price_holds


@dataclass(frozen=True, slots=True)
class TierRow:
    """One tier in both schemes. ``b_holds``: with the cheapest 3G plan that may be a member."""

    tier: Tier
    fee_a_fen: int
    fee_b_fen: int
    least_3g_fen: int
    sum_b_fen: int
    b_holds: bool
    choice_a: str
    choice_b: str


@dataclass(frozen=True, slots=True)
class Edition:
    offering: Offering
    needs_a: tuple[tuple[str, str], ...]
    needs_b: tuple[tuple[str, str], ...]
    rows: tuple[TierRow, ...]


def editions(catalogue: Catalogue, *, only: str = "") -> list[Edition]:
    return [
        Edition(
            offering=offering,
            needs_a=needs_in_words(offering.members_a),
            needs_b=needs_in_words(offering.members_b),
            rows=tuple(_row(catalogue, offering, tier) for tier in offering.tiers.values()),
        )
        for offering in catalogue.offerings.values()
        if not only or offering.code == only
    ]


def needs_in_words(needs: MemberNeeds) -> tuple[tuple[str, str], ...]:
    """(service, how it is asked for) in the order of services. Source: ELG-8."""
    found = []
    for service in Service:
        if service in needs.required:
            found.append((_(service.label), "required"))
        elif service in needs.one_or_more_of:
            found.append((_(service.label), "one_of"))
        elif service in needs.optional:
            found.append((_(service.label), "optional"))
    return tuple(found)


def _row(catalogue: Catalogue, offering: Offering, tier: Tier) -> TierRow:
    fee_b_fen = scheme_b_fee(tier.monthly_fen, percent=catalogue.scheme_b_percent)
    monthly = [
        plan.monthly_fen
        for plan in catalogue.plans.values()
        if plan.service == Service.M3G and plan.monthly_fen >= LEAST_3G_MONTHLY_FEN
    ]
    least = min(monthly, default=LEAST_3G_MONTHLY_FEN)
    name = offering.code
    return TierRow(
        tier=tier,
        fee_a_fen=tier.monthly_fen,
        fee_b_fen=fee_b_fen,
        least_3g_fen=least,
        sum_b_fen=fee_b_fen + least,
        b_holds=scheme_b_price_holds(catalogue, offering=name, tier=tier.code, plan_3g_fen=least),
        choice_a=f"{name}-A-{tier.code}",
        choice_b=f"{name}-B-{tier.code}",
    )
