"""How soon a session finds out that the machine at its other end is gone."""

import socket

from django.conf import settings
from django.db import connection

from bss.settings import hosts

TCP, SOCKET = "redis://:word@10.0.0.5:6379/0", "unix:///srv/run/valkey.sock?db=0"


def test_a_session_asks_its_server_to_look_whether_we_are_still_there(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, reset_val FROM pg_settings WHERE name = ANY(%s)",
            [[option.split("=")[0] for option in hosts.session_options().split("-c ")[1:]]],
        )
        asked = dict(cursor.fetchall())

    assert asked["client_connection_check_interval"] == "5000"
    assert asked["idle_in_transaction_session_timeout"] == "3600000"
    assert {"tcp_keepalives_idle", "tcp_user_timeout"} <= set(asked)


def test_the_probes_are_over_when_the_machine_counts_as_lost():
    options = hosts.database_options()

    probing_s = options["keepalives_interval"] * options["keepalives_count"]
    assert options["keepalives_idle"] + probing_s == hosts.LOST_AFTER_S == 25
    assert options["tcp_user_timeout"] == 25_000
    assert options.items() <= settings.DATABASES["default"]["OPTIONS"].items()


def test_a_broker_and_a_cache_on_another_machine_are_not_waited_for_either():
    probes = hosts.broker_options(TCP)["socket_keepalive_options"]

    assert probes == {socket.TCP_KEEPIDLE: 10, socket.TCP_KEEPINTVL: 5, socket.TCP_KEEPCNT: 3}
    assert hosts.broker_options(TCP)["socket_timeout"] == 25
    assert hosts.cache_options(TCP) == {"socket_connect_timeout": 3, "socket_timeout": 3}
    assert hosts.broker_options(SOCKET) == hosts.cache_options(SOCKET) == {}
