"""When and whence: the hours and the places at which someone may do business (S85-3).

Source: S85-1, S85-3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from ipaddress import ip_address, ip_network

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessHours:
    """Days of the week (0 is Monday) and the half-open time of day; it may run over midnight.

    Opening and closing at the same time: the whole day.
    """

    days: frozenset[int] = EVERY_DAY
    opens: time = time(0)
    closes: time = time(0)


def is_open(hours: AccessHours, *, at: datetime) -> bool:
    """Whether business may be done at this local moment; a night belongs to the day it began."""
    now, today = at.time().replace(tzinfo=None), at.weekday()
    if hours.opens == hours.closes:
        return today in hours.days
    if hours.opens < hours.closes:
        return today in hours.days and hours.opens <= now < hours.closes
    if now >= hours.opens:
        return today in hours.days
    return now < hours.closes and (at - timedelta(days=1)).weekday() in hours.days


def is_from(networks: Sequence[str], *, address: str) -> bool:
    """Whether the address is in one of the networks (CIDR or single); no networks: anywhere.

    What is not an address comes from nowhere.
    """
    if not networks:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in ip_network(network, strict=False) for network in networks)
