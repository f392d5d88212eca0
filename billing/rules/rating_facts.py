"""The facts of rating: who calls, what it may draw on, what a record asks for.

Source: rules.md section 6; scenarios README "Usage".
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from billing.rules.tariffs import BlockPrice, Tariff, UnitPrice
from billing.rules.ways import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """An allowance that many records draw on: the VPN minutes or pool of a bundle, a plan's own.

    ``kind`` is ``vpn``, ``pool``, ``minutes``, ``sms`` or ``data_kb``; ``limit`` None is unlimited.
    """

    kind: str
    owner: str
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """How a caller belongs to a bundle in the record's month.

    ``shares_pool`` is true of base fixed and 2G members and shared-minute terminals.
    """

    bundle: str
    shares_pool: bool
    pool_minutes: int
    vpn_minutes: int | None
    vpn_3g_minutes: int
    overflow_hao: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The subscription a record belongs to, as it is in the record's month.

    ``tariff`` is the standard one in a pool (STANDARD_TARIFFS), else the plan's;
    ``minutes``, ``sms`` and ``data_kb`` are the plan's own allowances, 0 in a pool.
    """

    subscription: str
    service: str
    area: str
    tariff: Tariff
    minutes: int = 0
    sms: int = 0
    data_kb: int = 0
    membership: Membership | None = None

    @property
    def is_in_pool(self) -> bool:
        return self.membership is not None and self.membership.shares_pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Whom a number reaches at the call's start: its area and the bundle whose VPN it is in."""

    area: str
    bundle: str | None


class Directory(Protocol):
    """What is known of called numbers when the call starts."""

    def subscriber(self, number: str) -> Subscriber | None: ...
    def segment_place(self, segment: str) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a record asks for, before any allowance is drawn.

    ``quantity`` is minutes, texts or KB. ``rest`` prices what ``draws`` (in this order) leave
    over; None is free. ``surcharge_hao`` is due whatever the allowances cover.
    """

    record_id: str
    end_at: datetime
    item: str
    way: Way
    quantity: int = 0
    duration_s: int = 0
    draws: tuple[Allowance, ...] = ()
    rest: BlockPrice | UnitPrice | None = None
    surcharge_hao: int = 0
    info_fee_hao: int = 0
