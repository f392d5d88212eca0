"""Programs and servers on several machines: how soon each notices that the other one is gone.

A session that a lost machine had would hold its locks until the system gives up its connection,
which is after hours. These settings come with every connection, so that they hold for any server.
"""

import os
import socket
from typing import Any
from urllib.parse import urlsplit

LOST_AFTER_S = max(5, int(os.environ.get("LOST_AFTER_S", "25")))
"""A machine that has been silent for so long is lost: its sessions end, its steps are free."""
FROZEN_AFTER_S = 3600
"""So long a program may do nothing in the midst of a transaction; then its session ends."""
PROBES = 3
_probe_every_s = LOST_AFTER_S // 5
_first_probe_s = LOST_AFTER_S - PROBES * _probe_every_s


def session_options() -> str:
    """What a database session asks of its server: to look whether we are still there."""
    settings = {
        "tcp_keepalives_idle": _first_probe_s,
        "tcp_keepalives_interval": _probe_every_s,
        "tcp_keepalives_count": PROBES,
        "tcp_user_timeout": LOST_AFTER_S * 1000,
        "client_connection_check_interval": _probe_every_s * 1000,
        "idle_in_transaction_session_timeout": FROZEN_AFTER_S * 1000,
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def database_options() -> dict[str, int]:
    """The same from our side: a program does not wait for a server that is gone."""
    return {
        "connect_timeout": LOST_AFTER_S,
        "keepalives_idle": _first_probe_s,
        "keepalives_interval": _probe_every_s,
        "keepalives_count": PROBES,
        "tcp_user_timeout": LOST_AFTER_S * 1000,
    }


def cache_options(url: str) -> dict[str, Any]:
    """For a cache on another machine; people's eyes are all that waits for it."""
    if urlsplit(url).scheme == "unix":
        return {}
    return {"socket_connect_timeout": PROBES, "socket_timeout": PROBES}


def broker_options(url: str) -> dict[str, Any]:
    """For a broker on another machine."""
    if urlsplit(url).scheme == "unix":
        return {}
    return {
        "socket_connect_timeout": LOST_AFTER_S,
        "socket_timeout": LOST_AFTER_S,
        "socket_keepalive": True,
        "socket_keepalive_options": {
            socket.TCP_KEEPIDLE: _first_probe_s,
            socket.TCP_KEEPINTVL: _probe_every_s,
            socket.TCP_KEEPCNT: PROBES,
        },
        "health_check_interval": LOST_AFTER_S,
    }
