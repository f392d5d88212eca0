import pytest
from django.core.cache import cache

from bss.celery import app
from bss.kernel import heartbeat
from bss.kernel.heartbeat import HeartbeatScheduler, beat_is_alive


@pytest.fixture
def scheduler():
    cache.delete(heartbeat.KEY)
    yield HeartbeatScheduler(app, schedule={}, lazy=True)
    cache.delete(heartbeat.KEY)


def test_beat_is_alive_once_it_ticks(scheduler):
    assert not beat_is_alive()

    pause_s = scheduler.tick()

    assert beat_is_alive()
    assert pause_s <= heartbeat.RENEWED_EVERY_S


def test_beat_goes_on_when_the_broker_is_away(scheduler, monkeypatch):
    def refuse(*args, **options):
        raise ConnectionError("gone")

    monkeypatch.setattr(heartbeat.cache, "set", refuse)

    scheduler.tick()

    assert not beat_is_alive()
