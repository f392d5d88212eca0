from pathlib import Path

import dj_database_url
import pytest

from bss.embedded import addresses, places
from bss.embedded.places import SOCKET_PATH_MAX_BYTES, Places


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("BSS_DATA", str(tmp_path))
    return tmp_path


def test_database_url_names_the_socket_directory(home):
    parsed = dj_database_url.parse(addresses.database_url())

    assert parsed["ENGINE"] == "django.db.backends.postgresql"
    assert (parsed["HOST"], parsed["NAME"], parsed["USER"]) == (
        str(Places(home).sockets),
        "wo_bss",
        "wo_bss",
    )


def test_redis_url_is_translated_for_cache_and_broker():
    url = "unix:///srv/run/valkey.sock?db=0"

    assert addresses.cache_url(url) == "unix:///srv/run/valkey.sock?db=1"
    assert addresses.broker_url(url) == "redis+socket:///srv/run/valkey.sock?virtual_host=0"


def test_foreign_redis_url_keeps_its_host_and_password():
    url = "rediss://:word@broker.example:6390/0"

    assert addresses.cache_url(url) == "rediss://:word@broker.example:6390/1"
    assert addresses.broker_url(url) == url


def test_local_secret_is_made_once_and_private(home):
    first = addresses.local_secret("field")

    assert addresses.local_secret("field") == first
    assert addresses.local_secret("django") != first
    assert (home / "secrets" / "field").stat().st_mode & 0o777 == 0o600


def test_sockets_lie_beside_the_data_when_the_path_is_short():
    assert Places(Path("/srv/bss")).sockets == Path("/srv/bss/run")


def test_sockets_move_to_a_short_directory_when_the_path_is_long():
    deep = Places(Path("/srv") / ("d" * 90))

    assert not deep.sockets.is_relative_to(deep.root)
    assert len(str(deep.postgres_socket)) + len(".lock") <= SOCKET_PATH_MAX_BYTES
    assert deep.sockets != Places(Path("/srv") / ("e" * 90)).sockets


def test_a_directory_under_a_closed_parent_is_not_reachable(tmp_path):
    tmp_path.chmod(0o755)
    closed = tmp_path / "closed"
    inside = closed / "inside"
    inside.mkdir(parents=True)

    closed.chmod(0o700)

    assert not places.reachable(inside)
