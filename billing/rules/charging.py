"""What each way of charging draws on and is priced by: ``rating.classify`` as a table.

Source: RAT-1, RAT-4 … RAT-10, RAT-16 … RAT-18.
"""

from dataclasses import dataclass
from enum import IntEnum

from billing.rules.ways import EXPLANATION_OF_WAY, Way

WAYS = tuple(Way)
"""A way's number in the database is its place here: new ones are added at the end."""
BY_CLASS = ""
"""In place of an item: that of the called number's class."""


class Draws(IntEnum):
    """Kinds of allowances."""

    NOTHING = 0
    BUNDLE_VPN = 1
    OWN_VPN = 2
    POOL = 3
    MINUTES = 4
    TEXTS = 5
    VOLUME = 6


class Price(IntEnum):
    """What the rest costs: nothing, by blocks of seconds, the overflow price, the unit's price."""

    NOTHING = 0
    BLOCKS = 1
    OVERFLOW = 2
    UNIT = 3


@dataclass(frozen=True, slots=True)
class Charged:
    """``vpn`` is drawn first, then ``draw``; a surcharge is due whatever they cover."""

    way: Way
    item: str
    price: Price
    vpn: Draws = Draws.NOTHING
    draw: Draws = Draws.NOTHING
    has_surcharge: bool = False

    @property
    def rules(self) -> tuple[str, ...]:
        return EXPLANATION_OF_WAY[self.way].rules


TABLE = (
    Charged(Way.ZERO_SECONDS, BY_CLASS, Price.NOTHING),
    Charged(Way.FREE_NUMBER, BY_CLASS, Price.NOTHING),
    Charged(Way.RECEIVED, "VOICE_LOCAL", Price.NOTHING),
    Charged(Way.ROAMING, "VOICE_ROAMING", Price.BLOCKS),
    Charged(Way.ABROAD, BY_CLASS, Price.BLOCKS),
    Charged(Way.POOL, BY_CLASS, Price.OVERFLOW, draw=Draws.POOL),
    Charged(Way.PLAN, BY_CLASS, Price.BLOCKS, draw=Draws.MINUTES),
    Charged(Way.FORWARD_POOL, "VOICE_FORWARD", Price.OVERFLOW, draw=Draws.POOL),
    Charged(Way.FORWARD_PLAN, "VOICE_FORWARD", Price.BLOCKS, draw=Draws.MINUTES),
    Charged(Way.FORWARD, "VOICE_FORWARD", Price.BLOCKS),
    Charged(Way.FORWARD_DOMESTIC, "VOICE_FORWARD", Price.BLOCKS, has_surcharge=True),
    Charged(
        Way.FORWARD_DOMESTIC_POOL,
        "VOICE_FORWARD",
        Price.OVERFLOW,
        draw=Draws.POOL,
        has_surcharge=True,
    ),
    Charged(Way.VPN_POOL, "VOICE_VPN", Price.OVERFLOW, vpn=Draws.BUNDLE_VPN, draw=Draws.POOL),
    Charged(Way.VPN_ONLY, "VOICE_VPN", Price.OVERFLOW, vpn=Draws.BUNDLE_VPN),
    Charged(Way.VPN_3G, "VOICE_VPN", Price.BLOCKS, vpn=Draws.OWN_VPN, draw=Draws.MINUTES),
    Charged(Way.SMS, "SMS", Price.UNIT, draw=Draws.TEXTS),
    Charged(Way.DATA, "DATA", Price.UNIT, draw=Draws.VOLUME),
)
assert tuple(row.way for row in TABLE) == WAYS

POOL_WAYS = tuple(n for n, row in enumerate(TABLE) if row.draw is Draws.POOL)
BUNDLE_VPN_WAYS = tuple(n for n, row in enumerate(TABLE) if row.vpn is Draws.BUNDLE_VPN)
"""The numbers of ways that draw on what a bundle's members share."""
