"""How a password stands."""

from datetime import timedelta

import pytest

from bss.identity.rules.staff_passwords import PasswordPolicy, Standing, standing_of
from bss.kernel.periods import local_moment

SET_AT = local_moment("2026-10-01T08:00")
POLICY = PasswordPolicy(max_age_days=90, one_time_hours=72)
A_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("must_change", "age", "expected"),
    [
        (False, timedelta(0), Standing.GOOD),
        (False, timedelta(days=90) - A_SECOND, Standing.GOOD),
        (False, timedelta(days=90), Standing.AGED),
        (True, timedelta(0), Standing.ONE_TIME),
        (True, timedelta(hours=72) - A_SECOND, Standing.ONE_TIME),
        (True, timedelta(hours=72), Standing.EXPIRED),
        (True, timedelta(days=365), Standing.EXPIRED),
    ],
)
def test_a_password_stands_as_its_age_says(must_change, age, expected) -> None:
    found = standing_of(set_at=SET_AT, must_change=must_change, now=SET_AT + age, policy=POLICY)

    assert found is expected


def test_without_an_age_a_password_stays_good() -> None:
    policy = PasswordPolicy(max_age_days=0, one_time_hours=72)
    later = SET_AT + timedelta(days=4000)

    assert standing_of(set_at=SET_AT, must_change=False, now=later, policy=policy) is Standing.GOOD
