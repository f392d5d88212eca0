import time

import pytest
from django.core.cache import cache
from django.urls import reverse

from bss.desk.views import health
from bss.kernel.heartbeat import KEY

pytestmark = pytest.mark.django_db
PARTS = ("database", "broker", "workers", "beat")


@pytest.fixture
def all_up(monkeypatch):
    monkeypatch.setattr(health, "PROBES", {name: lambda: True for name in PARTS})


def test_all_up_is_200_without_a_login(client, all_up):
    answer = client.get(reverse("healthz"))

    assert answer.status_code == 200
    assert answer.json() == {"status": "up", **dict.fromkeys(PARTS, "up")}


@pytest.mark.parametrize("part", PARTS)
def test_one_part_down_is_503_with_the_same_body(client, all_up, monkeypatch, part):
    def fail():
        raise ConnectionError("password=secret")

    monkeypatch.setitem(health.PROBES, part, fail)

    answer = client.get(reverse("healthz"))

    assert answer.status_code == 503
    assert answer.json() == {"status": "down", **dict.fromkeys(PARTS, "up"), part: "down"}


def test_database_and_broker_of_the_test_run_answer_but_no_worker_does(client, monkeypatch):
    monkeypatch.setattr(health, "WORKER_PATIENCE_S", 0.1)
    cache.delete(KEY)

    assert client.get(reverse("healthz")).json() == {
        "status": "down",
        "database": "up",
        "broker": "up",
        "workers": "down",
        "beat": "down",
    }


def test_beat_is_up_while_it_renews_its_key(client):
    cache.set(KEY, time.time(), timeout=15)
    try:
        assert client.get(reverse("healthz")).json()["beat"] == "up"
    finally:
        cache.delete(KEY)


def test_healthz_is_never_cached_and_never_written_to(client, all_up):
    assert "no-store" in client.get(reverse("healthz"))["Cache-Control"]
    assert client.post(reverse("healthz")).status_code == 405
