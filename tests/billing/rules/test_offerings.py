"""An offering as one word, and what is done about a charge that comes out otherwise."""

import pytest

from billing.rules.offerings import OfferingKind, read_offering
from billing.rules.rerating import Treatment, treatment_of


@pytest.mark.parametrize(
    ("word", "kind", "code", "tier"),
    [
        ("", OfferingKind.EVERYTHING, "", 0),
        ("bundle:basic", OfferingKind.BUNDLE, "basic", 0),
        ("tier:basic:106", OfferingKind.TIER, "basic", 106),
        ("pack:MIN-300", OfferingKind.PACK, "MIN-300", 0),
        ("plan:3G-96", OfferingKind.PLAN, "3G-96", 0),
        ("tariff:m2g_std", OfferingKind.TARIFF, "m2g_std", 0),
    ],
)
def test_an_offering_is_read_from_its_word(word, kind, code, tier):
    read = read_offering(word)
    assert (read.kind, read.code, read.tier) == (kind, code, tier)


@pytest.mark.parametrize("word", ["plan", "plan:", "car:red", "tier:basic", "tier:basic:big"])
def test_what_names_no_offering_is_an_error(word):
    with pytest.raises(ValueError, match=r"."):
        read_offering(word)


@pytest.mark.parametrize(
    ("difference_fen", "is_billed", "for_people", "credits_only", "expected"),
    [
        (-5, True, False, False, Treatment.ADJUST),
        (5, True, False, False, Treatment.ADJUST),
        (5, True, False, True, Treatment.WAIVE),
        (-5, True, False, True, Treatment.ADJUST),
        (-5, True, True, True, Treatment.BY_HAND),
        (5, False, False, True, Treatment.REPLACE),
    ],
)
def test_what_is_done_about_a_difference(
    difference_fen, is_billed, for_people, credits_only, expected
):
    assert (
        treatment_of(
            difference_fen=difference_fen,
            is_billed=is_billed,
            for_people=for_people,
            credits_only=credits_only,
        )
        == expected
    )
