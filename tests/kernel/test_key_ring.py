from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured

from bss.kernel import key_ring

ONE, TWO = "first-secret-of-the-ring", "second-secret-of-the-ring"


@pytest.fixture
def ring(settings):
    def configure(keys="", first="", index=""):
        settings.FIELD_KEYS, settings.FIELD_KEY, settings.INDEX_KEY = keys, first, index

    return configure


def test_field_key_alone_is_number_one(ring):
    ring(first=ONE)

    assert dict(key_ring.secrets_by_number()) == {1: ONE}
    assert key_ring.newest() == 1


def test_the_first_of_field_keys_wraps_and_field_key_still_unwraps(ring):
    ring(first=ONE)
    key_id, key = uuid4(), b"k" * 32
    wrapped = key_ring.wrap(key, key_id=key_id, version=1)

    ring(keys=f"2:{TWO}", first=ONE)

    assert key_ring.newest() == 2
    assert key_ring.unwrap(wrapped, key_id=key_id, version=1) == key


def test_a_key_can_be_known_before_it_wraps(ring):
    ring(keys=f"1:{ONE}, 2:{TWO}")

    assert key_ring.newest() == 1
    assert set(key_ring.secrets_by_number()) == {1, 2}


def test_a_wrapped_key_moved_to_another_row_does_not_open(ring):
    ring(first=ONE)
    wrapped = key_ring.wrap(b"k" * 32, key_id=uuid4(), version=1)

    with pytest.raises(ValueError, match="key number 1 of FIELD_KEYS did not wrap this"):
        key_ring.unwrap(wrapped, key_id=uuid4(), version=1)


def test_a_ring_without_the_number_says_so(ring):
    ring(first=ONE)
    key_id = uuid4()
    wrapped = key_ring.wrap(b"k" * 32, key_id=key_id, version=1)
    ring(keys=f"2:{TWO}")

    with pytest.raises(ValueError, match="no key number 1"):
        key_ring.unwrap(wrapped, key_id=key_id, version=1)


@pytest.mark.parametrize("keys", ["2", "two:secret", "2:", ":secret"])
def test_a_ring_that_is_written_wrongly_is_refused(ring, keys):
    ring(keys=keys)

    with pytest.raises(ImproperlyConfigured, match="number:secret"):
        key_ring.secrets_by_number()


def test_the_index_key_outlives_the_first_key(ring):
    ring(first=ONE * 4)
    before = key_ring.index_key()

    ring(keys=f"2:{TWO}", index=before.hex())

    assert key_ring.index_key() == before
    assert ONE.encode() not in before


def test_without_first_key_and_index_key_nothing_is_indexed(ring):
    ring(keys=f"2:{TWO}")

    with pytest.raises(ImproperlyConfigured, match="INDEX_KEY"):
        key_ring.index_key()
