from datetime import date, datetime, timedelta

import pytest

from bss.kernel import clock
from bss.kernel.errors import BadInputError
from bss.kernel.models import BusinessClock
from bss.kernel.periods import BUSINESS_ZONE

pytestmark = pytest.mark.django_db
CLOSE = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def fresh_clock():
    clock.forget()
    yield
    clock.forget()


def test_business_time_is_real_time_unless_moved():
    assert abs(clock.now() - clock.real_now()) < CLOSE
    assert not clock.is_moved()


def test_fixed_business_time_stands_still(settings):
    settings.BUSINESS_TIME = "2026-10-03T02:00"

    assert clock.now() == datetime(2026, 10, 3, 2, tzinfo=BUSINESS_ZONE)
    assert clock.today() == date(2026, 10, 3)
    assert clock.is_moved()


def test_moved_clock_runs_on_from_the_new_moment():
    target = clock.real_now() + timedelta(days=40)

    clock.move_to(target)

    assert timedelta(0) <= clock.now() - target < CLOSE
    assert clock.is_moved()


def test_clock_is_never_moved_backwards():
    clock.move_to(clock.real_now() + timedelta(days=40))

    with pytest.raises(BadInputError, match="只能向前"):
        clock.move_to(clock.real_now() + timedelta(days=39))

    assert BusinessClock.objects.get().ahead > timedelta(days=39, hours=23)


@pytest.mark.parametrize(
    ("name", "value"), [("PRODUCTION", True), ("BUSINESS_CLOCK_MOVABLE", False)]
)
def test_production_clock_is_not_moved(settings, name, value):
    setattr(settings, name, value)

    with pytest.raises(BadInputError, match="生产环境"):
        clock.move_to(clock.real_now() + timedelta(days=1))

    assert not BusinessClock.objects.exists()


def test_production_ignores_an_offset_left_in_the_table(settings):
    clock.move_to(clock.real_now() + timedelta(days=40))
    settings.PRODUCTION = True

    assert abs(clock.now() - clock.real_now()) < CLOSE


def test_moved_clock_is_asked_of_the_database_at_most_once_a_second(django_assert_num_queries):
    with django_assert_num_queries(1):
        clock.now()
        clock.now()
