import pytest

from tests.billing.views.house import a_closed_october, a_member_of_staff


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-11-05T10:00"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """Steps run here and now; nobody waits for a worker's answer."""
    monkeypatch.setattr("billing.views.running.worker_answers", lambda: False)


@pytest.fixture
def october():
    return a_closed_october()


@pytest.fixture
def page(client):
    client.force_login(a_member_of_staff("supervisor"))
    return client
