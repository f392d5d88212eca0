"""What stands under what."""

from itertools import product

import pytest

from bss.identity.rules.organisation_levels import TOP_DOWN, levels_under, may_stand_under

STANDS_UNDER = {
    ("headquarters", None),
    ("province", None),
    ("province", "headquarters"),
    ("city", "province"),
    ("county", "city"),
    ("hall", "city"),
    ("hall", "county"),
}


@pytest.mark.parametrize(("level", "parent"), [*product(TOP_DOWN, (None, *TOP_DOWN))])
def test_a_level_stands_only_where_the_table_says(level, parent) -> None:
    assert may_stand_under(level, parent) == ((level, parent) in STANDS_UNDER)


def test_what_may_stand_under_each_level() -> None:
    assert {level: levels_under(level) for level in TOP_DOWN} == {
        "headquarters": ("province",),
        "province": ("city",),
        "city": ("county", "hall"),
        "county": ("hall",),
        "hall": (),
    }
