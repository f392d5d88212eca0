"""A password that is read once and typed once."""

import re

from bss.identity.rules.one_time_passwords import new_one_time_password


def test_it_is_four_groups_of_letters_that_do_not_look_alike() -> None:
    shape = re.compile(r"[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){3}")

    assert all(shape.fullmatch(new_one_time_password()) for _ in range(200))


def test_no_two_are_the_same() -> None:
    assert len({new_one_time_password() for _ in range(500)}) == 500
