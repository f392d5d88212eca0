"""``billing.rules.charging`` as arrays, by the number of a way."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from billing.rules.charging import TABLE, WAYS, Draws
from billing.rules.house import ITEMS
from billing.rules.ways import Way

NO_GROUP, BUNDLE_GROUP, VOICE_GROUP, TEXT_GROUP, DATA_GROUP = range(5)
"""Records that draw on the same allowances are one group: the bundle's, or a subscription's own."""
_GROUP_OF = {
    Draws.NOTHING: NO_GROUP,
    Draws.BUNDLE_VPN: BUNDLE_GROUP,
    Draws.POOL: BUNDLE_GROUP,
    Draws.OWN_VPN: VOICE_GROUP,
    Draws.MINUTES: VOICE_GROUP,
    Draws.TEXTS: TEXT_GROUP,
    Draws.VOLUME: DATA_GROUP,
}
NO_ITEM = -1


def number_of(way: Way) -> int:
    return WAYS.index(way)


def _column(values: Iterable[int]) -> NDArray[np.int8]:
    return np.array(list(values), np.int8)


PRICE = _column(row.price for row in TABLE)
VPN = _column(row.vpn for row in TABLE)
DRAW = _column(row.draw for row in TABLE)
GROUP = _column(max(_GROUP_OF[row.vpn], _GROUP_OF[row.draw]) for row in TABLE)
HAS_SURCHARGE = np.array([row.has_surcharge for row in TABLE])
ITEM = _column(ITEMS.index(row.item) if row.item else NO_ITEM for row in TABLE)
"""Charge items are numbered as ``billing.rules.house.ITEMS`` lists them."""
