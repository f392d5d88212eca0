import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bss.kernel import data_keys
from bss.kernel.clock import real_now
from bss.kernel.models import DataKey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_opened():
    data_keys.forget()


def made(count=1):
    rows = data_keys.create_many(count)
    data_keys.forget()
    return [row.pk for row in rows]


def test_a_new_key_is_wrapped_by_the_newest_of_the_ring(settings):
    settings.FIELD_KEYS = "7:another-secret-for-this-test"

    key = data_keys.create()

    assert DataKey.objects.get(pk=key.pk).version == 7
    assert len(data_keys.opened(key.pk)) == 32


def test_the_keys_of_all_rows_read_before_are_opened_by_one_query():
    ids = made(50)
    for key_id in ids:
        data_keys.note(key_id)

    with CaptureQueriesContext(connection) as queries:
        found = {data_keys.opened(key_id) for key_id in ids}

    assert len(found) == 50
    assert len(queries) == 1


def test_an_opened_key_is_not_asked_for_again_until_its_time_is_over(monkeypatch):
    [key_id] = made()
    data_keys.opened(key_id)
    with CaptureQueriesContext(connection) as queries:
        data_keys.opened(key_id)
    assert len(queries) == 0

    monkeypatch.setattr(data_keys, "KEPT_S", -1.0)

    with CaptureQueriesContext(connection) as queries:
        data_keys.opened(key_id)
    assert len(queries) == 1


def test_the_store_of_opened_keys_is_bounded(monkeypatch):
    monkeypatch.setattr(data_keys, "KEPT_AT_MOST", 10)

    data_keys.create_many(25)

    assert len(data_keys._opened) == 10


def test_a_destroyed_key_opens_nowhere():
    [key_id] = made()
    data_keys.opened(key_id)

    data_keys.destroy(key_id, at=real_now())

    with pytest.raises(data_keys.KeyDestroyedError):
        data_keys.opened(key_id)
    assert bytes(DataKey.objects.get(pk=key_id).wrapped) == b""


def test_a_key_is_there_until_it_is_destroyed_and_not_after():
    [key_id] = made()

    with pytest.raises(IntegrityError, match="data_key_is_there"), transaction.atomic():
        DataKey.objects.filter(pk=key_id).update(wrapped=b"")
    with pytest.raises(IntegrityError, match="data_key_is_there"), transaction.atomic():
        DataKey.objects.filter(pk=key_id).update(destroyed_at=real_now())


def test_rotation_wraps_every_living_key_anew_and_changes_none(settings):
    ids = made(7)
    before = {key_id: data_keys.opened(key_id) for key_id in ids}
    data_keys.destroy(ids[0], at=real_now())
    settings.FIELD_KEYS = "2:a-second-secret"

    assert data_keys.to_rotate() == 6
    assert [data_keys.rotate_some(limit=4), data_keys.rotate_some(limit=4)] == [4, 2]
    assert data_keys.rotate_some(limit=4) == 0

    settings.FIELD_KEYS, settings.FIELD_KEY = "2:a-second-secret", ""
    data_keys.forget()
    assert {key_id: data_keys.opened(key_id) for key_id in ids[1:]} == {
        key_id: before[key_id] for key_id in ids[1:]
    }
