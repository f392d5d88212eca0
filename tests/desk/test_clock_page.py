from datetime import timedelta

import pytest

from bss.kernel import clock
from bss.kernel.models import AuditEntry
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock_is_read_anew():
    clock.forget()
    yield
    clock.forget()


@pytest.fixture
def supervisor(client):
    client.force_login(a_staff("supervisor"))
    return client


def test_the_clock_is_moved_on_and_every_page_says_so(supervisor):
    wanted = clock.real_now() + timedelta(days=40)
    response = supervisor.post("/clock", {"moment": wanted.strftime("%Y-%m-%dT%H:%M")})
    assert response.status_code == 302
    assert abs(clock.now() - wanted) < timedelta(minutes=2)
    assert AuditEntry.objects.get(action="clock.move").subject == "clock:1"
    assert "培训时钟" in supervisor.get("/").content.decode()


def test_the_clock_is_not_moved_back(supervisor):
    wanted = clock.real_now() - timedelta(days=1)
    response = supervisor.post("/clock", {"moment": wanted.strftime("%Y-%m-%dT%H:%M")})
    assert response.status_code == 422
    assert "业务时钟只能向前调整" in response.content.decode()
    assert not clock.is_moved()


def test_production_refuses_to_move_the_clock(supervisor, settings):
    settings.BUSINESS_CLOCK_MOVABLE = False
    assert "生产环境的业务时钟就是真实时间" in supervisor.get("/clock").content.decode()
    response = supervisor.post("/clock", {"moment": "2030-01-01T00:00"})
    assert response.status_code == 422
    assert "生产环境的业务时钟不能调整" in response.content.decode()


def test_a_moment_that_is_none_is_refused(supervisor):
    response = supervisor.post("/clock", {"moment": "明天"})
    assert response.status_code == 422
    assert "请写成 2026-11-01 00:00 这样的时间" in response.content.decode()


def test_the_leaps_are_the_moments_people_want_to_see(supervisor, settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"
    leaps = [shown for _label, _value, shown, _why in supervisor.get("/clock").context["leaps"]]
    assert leaps == ["2026-10-16 08:00", "2026-11-01 00:00", "2026-11-03 02:00"]


def test_only_those_who_may_move_the_clock_see_the_page(client):
    client.force_login(a_staff("clerk"))
    assert client.get("/clock").status_code == 403
