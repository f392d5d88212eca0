"""Which tiers and packs of minutes there are to choose from."""

import pytest

from packages_wo.rules.catalogue_document import parse_catalogue
from packages_wo.rules.combinations import (
    Combination,
    combination_of,
    combinations,
    is_of_minutes,
    is_sold,
    packs_with,
)
from packages_wo.rules.composition import Composition, PackIn
from tests.builders.packages import sample_catalogue, sample_document

SAMPLE = sample_catalogue()


def a_composition(*packs):
    return Composition(offering="basic", scheme="A", tier=106, base=(1, 2), packs=packs, main=1)


def with_packs(**packs):
    document = sample_document()
    document["packs"] |= packs
    return parse_catalogue(document)


@pytest.mark.parametrize(
    ("code", "is_it"),
    [("MIN-300", True), ("TERM-SHARE", False), ("TERM-VPN", False), ("BB-4M", False)],
)
def test_a_pack_with_a_terminal_or_for_the_broadband_is_no_choice_of_minutes(code, is_it):
    assert is_of_minutes(SAMPLE.packs[code]) is is_it


def test_every_tier_goes_with_every_number_of_packs():
    found = combinations(SAMPLE, offering="basic")
    assert len(found) == 4 * 11
    assert found[:2] == (
        Combination(tier=56, packs=()),
        Combination(tier=56, packs=(("MIN-300", 1),)),
    )
    assert found[-1] == Combination(tier=306, packs=(("MIN-300", 10),))


def test_of_equal_minutes_only_the_cheapest_packs_are_a_choice():
    catalogue = with_packs(
        **{"MIN-600": {"name": "测试包600", "monthly": "70.00", "minutes": 600, "max": 1}}
    )
    packs = {one.packs for one in combinations(catalogue, offering="basic") if one.tier == 56}
    assert (("MIN-600", 1),) in packs
    assert (("MIN-300", 1), ("MIN-600", 1)) in packs
    assert (("MIN-300", 2),) not in packs
    assert len(packs) == 13  # 0, 300 … 3,600 minutes


def test_of_equal_fees_the_fewest_packs_are_the_choice():
    catalogue = with_packs(
        **{"MIN-600": {"name": "测试包600", "monthly": "78.00", "minutes": 600, "max": 1}}
    )
    packs = {one.packs for one in combinations(catalogue, offering="basic")}
    assert (("MIN-600", 1),) in packs
    assert (("MIN-300", 2),) not in packs


def test_a_bundles_own_packs_of_minutes_are_exchanged_and_no_others():
    own = a_composition(
        PackIn(pack="TERM-SHARE", terminal=7), PackIn(pack="MIN-300"), PackIn(pack="MIN-300")
    )
    assert combination_of(own, SAMPLE) == Combination(tier=106, packs=(("MIN-300", 2),))
    assert packs_with(own, Combination(tier=56, packs=(("MIN-300", 1),)), SAMPLE) == (
        PackIn(pack="TERM-SHARE", terminal=7),
        PackIn(pack="MIN-300"),
    )
    assert packs_with(own, Combination(tier=56), SAMPLE) == (PackIn(pack="TERM-SHARE", terminal=7),)


def test_what_a_catalogue_lacks_is_not_sold_by_it():
    wanted = Combination(tier=106, packs=(("MIN-300", 1),))
    assert is_sold(wanted, offering="basic", by=SAMPLE)
    assert not is_sold(Combination(tier=107), offering="basic", by=SAMPLE)
    assert not is_sold(Combination(tier=106, packs=(("NONE", 1),)), offering="basic", by=SAMPLE)
