"""Whether the embedded servers can be reached from other machines, and by which password.

They cannot, unless ``LISTEN`` names addresses of this machine. Then every connection by TCP needs
the password that stands in ``secrets/servers``; without one nothing is opened.
"""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bss.embedded.errors import HouseError
from bss.embedded.places import Places

POSTGRES_PORT = 5432
VALKEY_PORT = 6379
SECRET = "servers"
PASSWORD = re.compile(r"[A-Za-z0-9_-]{20,}")
"""Such as ``openssl rand -hex 24`` gives: it stands in addresses and settings as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """The servers' addresses on this machine, and the networks that may connect to PostgreSQL."""

    addresses: tuple[str, ...]
    networks: tuple[str, ...]
    password: str


def listening(places: Places, environment: Mapping[str, str] = os.environ) -> Listening | None:
    """How the servers are to listen by TCP; None when by their sockets alone.

    Raises: HouseError, when they would listen without a password or the variables make no sense.
    """
    addresses = _words(environment.get("LISTEN", ""))
    if not addresses:
        return None
    for address in addresses:
        _check(ipaddress.ip_address, address, "LISTEN must name IP addresses of this machine")
    networks = _words(environment.get("LISTEN_TO", ""))
    if not networks:
        raise HouseError(
            "LISTEN opens the database to the network: say which networks the workers are in,"
            " for example LISTEN_TO=10.0.0.0/24."
        )
    for network in networks:
        _check(ipaddress.ip_network, network, "LISTEN_TO must name networks such as 10.0.0.0/24")
    if not (found := password(places)):
        raise HouseError(
            "LISTEN would open the database and the broker to the network without a password:"
            f" write one of at least 20 letters and digits into {places.secrets / SECRET}"
            " (openssl rand -hex 24)."
        )
    return Listening(addresses=addresses, networks=networks, password=found)


def password(places: Places) -> str:
    """What Valkey asks of everyone, and PostgreSQL of whoever comes by TCP; empty without one.

    Raises: HouseError, when it is too weak or has signs that an address cannot hold.
    """
    try:
        found = (places.secrets / SECRET).read_text().strip()
    except FileNotFoundError:
        return ""
    if not PASSWORD.fullmatch(found):
        raise HouseError(
            f"The password in {places.secrets / SECRET} must be at least 20 letters and digits"
            " (openssl rand -hex 24)."
        )
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


def _check(read: Callable[[str], object], word: str, must: str) -> None:
    try:
        read(word)
    except ValueError:
        raise HouseError(f"{must}, not {word!r}.") from None
