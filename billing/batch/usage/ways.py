"""What each way of charging draws on and is priced by: ``billing.rules.rating`` as a table."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.rules.house import ITEMS
from billing.rules.ways import Way

WAYS = tuple(Way)
"""A way's number in the database is its place here: new ones are added at the end."""
NO_ALLOWANCE, BUNDLE_VPN, OWN_VPN, POOL, MINUTES, TEXTS, VOLUME = 0, 1, 2, 3, 4, 5, 6
FREE_OF_CHARGE, BY_BLOCKS, BY_OVERFLOW, BY_UNIT = range(4)
NO_GROUP, BUNDLE_GROUP, VOICE_GROUP, TEXT_GROUP, DATA_GROUP = range(5)
"""Records that draw on the same allowances are one group: the bundle's, or a subscription's own."""
BY_CLASS = ""


@dataclass(frozen=True, slots=True)
class Charged:
    """``vpn`` is drawn first, then ``draw``; ``item`` may be that of the called number's class."""

    way: Way
    item: str
    price: int
    vpn: int = NO_ALLOWANCE
    draw: int = NO_ALLOWANCE
    has_surcharge: bool = False


TABLE = (
    Charged(Way.ZERO_SECONDS, BY_CLASS, FREE_OF_CHARGE),
    Charged(Way.FREE_NUMBER, BY_CLASS, FREE_OF_CHARGE),
    Charged(Way.RECEIVED, "VOICE_LOCAL", FREE_OF_CHARGE),
    Charged(Way.ROAMING, "VOICE_ROAMING", BY_BLOCKS),
    Charged(Way.ABROAD, BY_CLASS, BY_BLOCKS),
    Charged(Way.POOL, BY_CLASS, BY_OVERFLOW, draw=POOL),
    Charged(Way.PLAN, BY_CLASS, BY_BLOCKS, draw=MINUTES),
    Charged(Way.FORWARD_POOL, "VOICE_FORWARD", BY_OVERFLOW, draw=POOL),
    Charged(Way.FORWARD_PLAN, "VOICE_FORWARD", BY_BLOCKS, draw=MINUTES),
    Charged(Way.FORWARD, "VOICE_FORWARD", BY_BLOCKS),
    Charged(Way.FORWARD_DOMESTIC, "VOICE_FORWARD", BY_BLOCKS, has_surcharge=True),
    Charged(Way.FORWARD_DOMESTIC_POOL, "VOICE_FORWARD", BY_OVERFLOW, draw=POOL, has_surcharge=True),
    Charged(Way.VPN_POOL, "VOICE_VPN", BY_OVERFLOW, vpn=BUNDLE_VPN, draw=POOL),
    Charged(Way.VPN_ONLY, "VOICE_VPN", BY_OVERFLOW, vpn=BUNDLE_VPN),
    Charged(Way.VPN_3G, "VOICE_VPN", BY_BLOCKS, vpn=OWN_VPN, draw=MINUTES),
    Charged(Way.SMS, "SMS", BY_UNIT, draw=TEXTS),
    Charged(Way.DATA, "DATA", BY_UNIT, draw=VOLUME),
)
assert tuple(row.way for row in TABLE) == WAYS

_GROUP_OF = {
    BUNDLE_VPN: BUNDLE_GROUP,
    POOL: BUNDLE_GROUP,
    OWN_VPN: VOICE_GROUP,
    MINUTES: VOICE_GROUP,
    TEXTS: TEXT_GROUP,
    VOLUME: DATA_GROUP,
    NO_ALLOWANCE: NO_GROUP,
}


def number_of(way: Way) -> int:
    return WAYS.index(way)


def _column(values: list[int]) -> NDArray[np.int8]:
    return np.array(values, np.int8)


PRICE = _column([row.price for row in TABLE])
VPN = _column([row.vpn for row in TABLE])
DRAW = _column([row.draw for row in TABLE])
GROUP = _column([max(_GROUP_OF[row.vpn], _GROUP_OF[row.draw]) for row in TABLE])
HAS_SURCHARGE = np.array([row.has_surcharge for row in TABLE])
ITEM = _column([ITEMS.index(row.item) if row.item else -1 for row in TABLE])
"""Charge items are numbered as ``billing.rules.house.ITEMS`` lists them."""
