"""The pure rules of bundles: prices, allowances, dates, endings, compositions."""

from datetime import date

import pytest

from bss.kernel.periods import local_moment
from packages_wo.rules.allowances import monthly_allowance
from packages_wo.rules.catalogue import MemberNeeds
from packages_wo.rules.composition import Composition, PackIn, compose_change, main_number
from packages_wo.rules.effective_dates import effective_on
from packages_wo.rules.endings import ends_by_pre_termination
from packages_wo.rules.pricing import bundle_fee, pack_fee, scheme_b_fee, scheme_b_price_holds
from tests.builders.packages import sample_catalogue

CATALOGUE = sample_catalogue()
F, B, M, W = 1, 2, 3, 4
SERVICES = {F: "fixed", B: "broadband", M: "m2g", W: "m3g", 5: "fixed", 6: "m2g"}


def composition(*base, scheme="B", packs=(), main=None, offering="enhanced", tier=136):
    return Composition(
        offering=offering, scheme=scheme, tier=tier, base=base, packs=packs, main=main or base[0]
    )


@pytest.mark.parametrize(
    ("tier_a_fen", "percent", "fee_fen"),
    [(5600, 90, 5040), (13600, 90, 12240), (5, 90, 5), (4, 90, 4), (3, 50, 2), (1, 49, 0)],
)
def test_scheme_b_is_a_percentage_of_a_half_up_to_fen(tier_a_fen, percent, fee_fen):
    assert scheme_b_fee(tier_a_fen, percent=percent) == fee_fen


def test_bundle_and_pack_fees():
    packs = (PackIn(pack="BB-4M"), PackIn(pack="BB-8M"), PackIn(pack="TERM-VPN", terminal=6))

    assert bundle_fee(CATALOGUE, offering="basic", scheme="A", tier=106) == 10600
    assert bundle_fee(CATALOGUE, offering="basic", scheme="B", tier=106) == 9540
    assert pack_fee(CATALOGUE, composition(B, F, W, packs=packs)) == 13300


def test_the_3g_plan_may_make_up_exactly_what_scheme_b_gives():
    assert scheme_b_price_holds(CATALOGUE, offering="basic", tier=306, plan_3g_fen=3060)
    assert not scheme_b_price_holds(CATALOGUE, offering="basic", tier=306, plan_3g_fen=3059)


def test_the_allowance_is_the_tiers_and_every_packs():
    allowance = monthly_allowance(
        CATALOGUE, offering="basic", tier=306, packs=["MIN-300", "MIN-300", "TERM-SHARE"]
    )
    assert (allowance.minutes, allowance.vpn_minutes) == (3160, None)


@pytest.mark.parametrize(
    ("completed", "day"),
    [
        ("2026-09-30T23:59:59", date(2026, 10, 1)),
        ("2026-10-01T00:00:00", date(2026, 11, 1)),
        ("2026-12-31T12:00:00", date(2027, 1, 1)),
    ],
)
def test_effect_is_the_first_after_the_day_of_completion(completed, day):
    assert effective_on(local_moment(completed)) == day


@pytest.mark.parametrize(
    ("base", "lost", "ends"),
    [
        ({B: "broadband", F: "fixed", M: "m2g", W: "m3g"}, {F}, False),
        ({B: "broadband", F: "fixed", M: "m2g", W: "m3g"}, {F, M}, True),
        ({B: "broadband", F: "fixed", W: "m3g"}, {F}, True),
        ({B: "broadband", F: "fixed", W: "m3g"}, {W}, True),
        ({B: "broadband", F: "fixed", W: "m3g"}, set(), False),
    ],
)
def test_enhanced_b_ends_without_a_required_member_or_all_of_its_alternatives(base, lost, ends):
    needs = CATALOGUE.offering("enhanced").members_b

    assert ends_by_pre_termination(needs, base=base, lost=lost) is ends


def test_a_scheme_without_alternatives_is_not_ended_by_none_of_them():
    needs = MemberNeeds(
        required=frozenset({"fixed"}), optional=frozenset({"m2g"}), one_or_more_of=frozenset()
    )
    assert not ends_by_pre_termination(needs, base={F: "fixed", M: "m2g"}, lost={M})


def test_the_highest_upgrade_pack_gives_the_speed():
    packs = (PackIn(pack="BB-8M"), PackIn(pack="BB-4M"))

    assert composition(B, F, W).needed_kbps(CATALOGUE) == 2048
    assert composition(B, F, W, packs=packs).needed_kbps(CATALOGUE) == 8192
    assert composition(F, M, offering="basic").needed_kbps(CATALOGUE) is None


def test_the_main_number_is_the_first_fixed_line_else_the_first_member():
    assert main_number((B, M, 5, F), wanted=None, services=SERVICES) == 5
    assert main_number((B, M), wanted=None, services=SERVICES) == B
    assert main_number((B, M, F), wanted=M, services=SERVICES) == M
    assert main_number((B, F), wanted=M, services=SERVICES) == F


def test_a_change_takes_the_pack_of_a_removed_terminal_with_it():
    before = composition(
        B, F, W, packs=(PackIn(pack="TERM-VPN", terminal=6), PackIn(pack="MIN-300")), main=F
    )

    after = changed(before, remove=[6, F], add=[M])

    assert after.packs == (PackIn(pack="MIN-300"),)
    assert (after.base, after.main, after.scheme) == ((B, W, M), B, "B")


def test_losing_3g_makes_scheme_a_of_the_same_tier():
    after = changed(composition(B, F, W), remove=[W])

    assert (after.scheme, after.tier) == ("A", 136)


def changed(before, *, remove=(), add=(), packs=None):
    return compose_change(
        before,
        tier=before.tier,
        add=add,
        remove=remove,
        packs=packs,
        services=SERVICES,
        offering=CATALOGUE.offering(before.offering),
    )
