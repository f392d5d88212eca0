"""Rates one whole month from scratch: every allowance is drawn again from the first record."""

from collections import defaultdict
from dataclasses import dataclass, field

from tests.oracle.entities import Bundle, Composition, Record, Subscription
from tests.oracle.numbers import analyse
from tests.oracle.tariffs import NoTariffError, minutes_of, price_hao, unit_hao
from tests.oracle.world import World

VOICE = ("mo", "mt", "cf")
ITEMS = {
    "local": "VOICE_LOCAL",
    "domestic": "VOICE_DOMESTIC",
    "service": "VOICE_SERVICE",
    "hmt": "VOICE_HMT",
    "international": "VOICE_INTL",
}
INLAND = ("local", "domestic", "service")
Charges = list[tuple[str, int]]


@dataclass
class Used:
    """What the month's records have drawn so far, by bundle and by subscription."""

    pool: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    vpn: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    own_vpn: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    minutes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    texts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kb: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def rate_month(world: World, month: str) -> tuple[list[tuple[Record, Charges]], Used]:
    """All records of the month with what each costs: in the order of their ends, then late ones.

    Source: RAT-2, RAT-14.
    """
    records = [record for record in world.records if record.month == month]
    in_time = sorted(
        (record for record in records if not record.late_in), key=lambda r: (r.end, r.id)
    )
    late = [record for record in records if record.late_in]
    used = Used()
    return [(record, Rater(world, record, used).charges()) for record in in_time + late], used


def has_tariff(world: World, record: Record) -> bool:
    """Whether the record can be priced when nothing of any allowance is left."""
    rater = Rater(world, record, Used())
    rater.allowances = False
    try:
        rater.charges()
    except NoTariffError:
        return False
    return True


def pool_minutes(world: World, bundle: Bundle, composition: Composition) -> int:
    base = world.catalogue.tier(bundle.offering, composition.tier)["minutes"]
    return base + sum(world.catalogue.pack(pack).get("minutes", 0) for pack in composition.packs)


def vpn_minutes(world: World, bundle: Bundle, composition: Composition) -> int | str:
    return world.catalogue.tier(bundle.offering, composition.tier)["vpn_minutes"]


class Rater:
    """One record in the context of its month."""

    def __init__(self, world: World, record: Record, used: Used):
        self.world, self.record, self.used = world, record, used
        self.allowances = True
        self.sub: Subscription = world.subscriptions[record.subscription]
        self.found = world.bundle_in(self.sub.id, record.month)
        self.part = world.part(self.found[1], self.sub.id) if self.found else None
        self.plan = world.catalogue.plan(self.sub.plan_in(record.month))
        self.pooled = self.part in ("base", "share") and self.sub.service in ("fixed", "m2g")
        tariffs = world.catalogue.data["tariffs"]
        if self.pooled:
            self.tariff = tariffs["fixed_std" if self.sub.service == "fixed" else "m2g_std"]
        else:
            self.tariff = tariffs.get(self.plan.get("tariff"), {})
        self.area = self.sub.area_at(record.start, world.home_areas)

    def charges(self) -> Charges:
        record = self.record
        if record.call_type in VOICE:
            charges = self._voice()
            if charges is None:
                return []
        else:
            charges = self._text() if record.call_type == "sms" else self._data()
        return [*charges, ("INFO_FEE", record.info_fee_hao)]

    # texts and data

    def _text(self) -> Charges:
        price = unit_hao(self.tariff, "sms")
        covered = self._draw(self.used.texts, self.sub.id, self._own("sms"), 1)
        return [("SMS", (1 - covered) * price)]

    def _data(self) -> Charges:
        price = unit_hao(self.tariff, "data_kb")
        covered = self._draw(self.used.kb, self.sub.id, self._own("data_kb"), self.record.volume_kb)
        return [("DATA", (self.record.volume_kb - covered) * price)]

    # voice

    def _voice(self) -> Charges | None:
        """None: it costs nothing at all, its information fee included."""
        record, where = self.record, self._where()
        kind, number = None, ""
        if record.call_type != "mt":
            kind, number = analyse(
                record.other_number, caller_area=self.area, at=record.start, world=self.world
            )
            if kind is None:
                raise NoTariffError(record.other_number)
        if record.duration_s == 0 or kind == "free":
            return None
        if where in ("hmt", "international"):
            return [("VOICE_ROAMING", self._price(f"roaming_{where}"))]
        if where == "country" and self.sub.service == "m2g":
            return [("VOICE_ROAMING", self._price(self._roaming_2g(kind)))]
        if record.call_type == "mt":
            return []
        if kind not in INLAND:
            return [(ITEMS[kind], self._price(kind))]
        if record.call_type == "cf":
            return [("VOICE_FORWARD", self._forwarded(kind))]
        if where == "home" and self._in_vpn(kind, number):
            return [("VOICE_VPN", self._vpn(kind))]
        return [(ITEMS[kind], self._originated(kind))]

    def _where(self) -> str:
        visited = self.record.visited_area
        if self.sub.service == "fixed" or visited in ("", self.area):
            return "home"
        plan = self.world.catalogue.data["number_plan"]
        if visited.startswith(tuple(plan["hmt"])):
            return "hmt"
        if visited.startswith(tuple(plan["international"])):
            return "international"
        return "country"

    def _roaming_2g(self, kind: str | None) -> str:
        if self.record.call_type == "mt":
            return "roaming_mt"
        return kind if kind in ("hmt", "international") else "roaming_mo"

    def _in_vpn(self, kind: str, number: str) -> bool:
        """Caller and called in the same bundle's VPN, both home areas equal (RAT-9)."""
        if not self.found or self.sub.service == "broadband":
            return False
        if kind == "local" and not number.startswith(("0", "1")):
            number = self.area + number
        called = self.world.holder_of(number, self.record.start)
        if not called or called.service == "broadband":
            return False
        if called.id not in self.found[1].everyone:
            return False
        return called.area_at(self.record.start, self.world.home_areas) == self.area

    def _forwarded(self, kind: str) -> int:
        if self.sub.service == "fixed":
            return self._originated(kind)
        forward = self._price("forward")
        if self.sub.service == "m2g" and kind == "domestic":
            return forward + (self._pool() if self.pooled else self._price("domestic"))
        return forward

    def _originated(self, kind: str) -> int:
        """An ordinary call to a local, domestic or service number."""
        if self.pooled:
            return self._pool()
        return self._own_minutes_then_tariff(kind, minutes_of(self.record.duration_s))

    def _vpn(self, kind: str) -> int:
        minutes = minutes_of(self.record.duration_s)
        bundle, composition = self.found
        if self.sub.service == "m3g":
            allowed = self.world.catalogue.data["bundles"]["vpn_3g_minutes"]
            minutes -= self._draw(self.used.own_vpn, self.sub.id, allowed, minutes)
            return self._own_minutes_then_tariff(kind, minutes)
        allowed = vpn_minutes(self.world, bundle, composition)
        if allowed == "unlimited":
            allowed = 10**12
        minutes -= self._draw(self.used.vpn, bundle.id, allowed, minutes)
        return self._pool(minutes) if self.pooled else self._overflow(minutes)

    def _pool(self, minutes: int | None = None) -> int:
        """Draw on the pool, then pay the overflow price (RAT-8)."""
        if minutes is None:
            minutes = minutes_of(self.record.duration_s)
        bundle, composition = self.found
        allowed = pool_minutes(self.world, bundle, composition)
        return self._overflow(minutes - self._draw(self.used.pool, bundle.id, allowed, minutes))

    def _overflow(self, minutes: int) -> int:
        return minutes * self.world.catalogue.overflow_hao()

    def _own_minutes_then_tariff(self, kind: str, minutes: int) -> int:
        """The plan's own minutes; the rest is priced as a call that much shorter."""
        left = minutes - self._draw(
            self.used.minutes, self.sub.id, self.plan.get("minutes", 0), minutes
        )
        covered = minutes_of(self.record.duration_s) - left
        return self._price(kind, self.record.duration_s - 60 * covered)

    def _price(self, kind: str, duration_s: int | None = None) -> int:
        if duration_s is None:
            duration_s = self.record.duration_s
        return price_hao(self.tariff, kind, duration_s)

    def _own(self, allowance: str) -> int:
        """The plan's own allowance; data and texts of a bundle's 2G have none."""
        return 0 if self.pooled else self.plan.get(allowance, 0)

    def _draw(self, drawn: dict[str, int], key: str, allowed: int, wanted: int) -> int:
        if not self.allowances:
            return 0
        taken = min(wanted, max(0, allowed - drawn[key]))
        drawn[key] += taken
        return taken


__all__ = ["Used", "has_tariff", "pool_minutes", "rate_month", "vpn_minutes"]
