"""The embedded servers on the network: only where told to, never without the password."""

import os
import socket
from contextlib import closing

import psycopg2
import pytest
import redis

from bss.embedded import addresses
from bss.embedded.addresses import DATABASE, ROLE
from bss.embedded.attach import attach
from bss.embedded.errors import HouseError
from bss.embedded.listening import POSTGRES_PORT, SECRET, VALKEY_PORT, listening
from bss.embedded.places import ensure

PASSWORD = "correct-horse-battery-staple"


@pytest.fixture(autouse=True)
def ready_to_be_told(home):
    ensure(home)


def test_the_servers_listen_nowhere_unless_they_are_told_to(home):
    assert listening(home, {}) is None
    assert listening(home, {"LISTEN": "", "LISTEN_TO": "10.0.0.0/24"}) is None


def test_addresses_and_networks_are_words(home):
    (home.secrets / SECRET).write_text(f"{PASSWORD}\n")

    found = listening(home, {"LISTEN": "10.0.0.5, fd00::5", "LISTEN_TO": "10.0.0.0/24 fd00::/64"})

    assert found.addresses == ("10.0.0.5", "fd00::5")
    assert found.networks == ("10.0.0.0/24", "fd00::/64")
    assert found.password == PASSWORD


@pytest.mark.parametrize(
    ("secret", "listen", "listen_to", "says"),
    [
        (None, "10.0.0.5", "10.0.0.0/24", "to the network without a password: write one"),
        ("short", "10.0.0.5", "10.0.0.0/24", "must be at least 20 letters and digits"),
        ("with a blank and 'quotes'", "10.0.0.5", "10.0.0.0/24", "letters and digits"),
        (PASSWORD, "10.0.0.5", "", "say which networks the workers are in"),
        (PASSWORD, "bss.example", "10.0.0.0/24", "LISTEN must name IP addresses"),
        (PASSWORD, "10.0.0.5", "10.0.0.5/24", "LISTEN_TO must name networks"),
    ],
)
def test_nothing_is_opened_that_would_be_open_to_all(home, secret, listen, listen_to, says):
    if secret is not None:
        (home.secrets / SECRET).write_text(secret)

    with pytest.raises(HouseError, match=says):
        listening(home, {"LISTEN": listen, "LISTEN_TO": listen_to})


def test_whoever_comes_by_tcp_needs_the_password_and_the_sockets_go_on(home, monkeypatch):
    here = f"127.{os.getpid() >> 16 & 255}.{os.getpid() >> 8 & 255}.{max(2, os.getpid() & 255)}"
    monkeypatch.setenv("LISTEN", here)
    monkeypatch.setenv("LISTEN_TO", "127.0.0.0/8")
    monkeypatch.setenv("BSS_DATA", str(home.root))
    (home.secrets / SECRET).write_text(PASSWORD)

    with closing(attach(home)):
        assert _database(host=here, password=PASSWORD) == "scram-sha-256"
        assert _database(host=str(home.sockets)) == "peer"
        for wrong in ("", "another-password-of-some-length"):
            with pytest.raises(psycopg2.OperationalError, match="password"):
                _database(host=here, password=wrong)
            with pytest.raises(redis.exceptions.AuthenticationError):
                redis.Redis(here, VALKEY_PORT, password=wrong or None).ping()
        assert redis.Redis(here, VALKEY_PORT, password=PASSWORD).ping()
        assert redis.Redis.from_url(addresses.redis_url()).ping()
        with socket.socket() as elsewhere, pytest.raises(ConnectionRefusedError):
            elsewhere.connect(("127.0.0.1", POSTGRES_PORT))


def test_a_refusal_is_one_sentence_and_starts_nothing(home, monkeypatch):
    monkeypatch.setenv("LISTEN", "127.0.0.1")
    monkeypatch.setenv("LISTEN_TO", "127.0.0.1/32")

    with pytest.raises(HouseError, match=r"^LISTEN would open the database.*openssl rand -hex 24"):
        attach(home)


def _database(**how):
    """How PostgreSQL found out who calls."""
    found = psycopg2.connect(dbname=DATABASE, user=ROLE, port=POSTGRES_PORT, **how)
    with closing(found), found.cursor() as cursor:
        cursor.execute("SELECT split_part(system_user, ':', 1)")
        return cursor.fetchone()[0]
