"""Everything there is while a scenario runs: plain records with their history, and look-ups."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.oracle.catalogue import Catalogue
from tests.oracle.months import begins_at, ends_at
from tests.oracle.reader import BadFileError


@dataclass
class Customer:
    id: str
    kind: str
    name: str
    document: str
    area: str | None = None
    listed: str | None = None


@dataclass
class Stop:
    """Why a subscription is suspended; ``accounts`` is None when its owner is blacklisted."""

    since: date
    accounts: set[str] | None


@dataclass
class Subscription:
    id: str
    service: str
    owner: str
    area: str
    line: str
    payment: str
    real_name: bool
    speed_kbps: int | None
    plans: list[tuple[str, str]]  # (month from which, plan): its own plans, never a bundle's
    numbers: list[tuple[datetime, str]]  # (from when, number)
    accounts: list[tuple[datetime, str]]  # (from when, its independent account)
    states: list[tuple[datetime, str]] = field(default_factory=list)
    vas: set[str] = field(default_factory=set)
    began: datetime | None = None
    stop: Stop | None = None
    owner_since: datetime | None = None

    @property
    def state(self) -> str:
        return self.states[-1][1]

    @property
    def number(self) -> str:
        return self.numbers[-1][1]

    @property
    def account(self) -> str:
        return self.accounts[-1][1]

    @property
    def plan(self) -> str:
        return self.plans[-1][1]

    def state_at(self, at: datetime) -> str | None:
        return _last([(when, state) for when, state in self.states if when <= at])

    def number_at(self, at: datetime) -> str | None:
        return _last([(when, number) for when, number in self.numbers if when <= at])

    def account_at(self, at: datetime) -> str:
        return _last([row for row in self.accounts if row[0] <= at]) or self.accounts[0][1]

    def plan_in(self, month: str) -> str:
        return _last([row for row in self.plans if row[0] <= month]) or self.plans[0][1]

    def states_in(self, month: str) -> set[str]:
        """Every state it was in at some moment of the month."""
        begin, end = begins_at(month), ends_at(month)
        seen = set()
        for index, (since, state) in enumerate(self.states):
            until = self.states[index + 1][0] if index + 1 < len(self.states) else end
            if max(since, begin) < min(until, end):
                seen.add(state)
        return seen

    def area_at(self, at: datetime, home_areas: list[str]) -> str:
        if self.service != "fixed":
            return self.area
        number = self.number_at(at) or self.numbers[0][1]
        for area in home_areas:
            if number.startswith(area):
                return area
        return number[: 3 if number[:2] in ("01", "02") else 4]


@dataclass
class Composition:
    """What a bundle is made of: ``terminals`` name their pack, ``extras`` are the other packs."""

    scheme: str
    tier: int
    members: list[str]
    terminals: dict[str, str]
    extras: list[str]
    main: str

    @property
    def packs(self) -> list[str]:
        return [*self.terminals.values(), *self.extras]

    @property
    def everyone(self) -> list[str]:
        return [*self.members, *self.terminals]


@dataclass
class Bundle:
    id: str
    customer: str
    offering: str
    account: str
    separate_3g: bool
    opening: Composition
    ordered: int
    state: str = "pending"
    effective: date | None = None
    ends: date | None = None
    versions: list[tuple[str, Composition | None]] = field(default_factory=list)
    opened_vas: set[tuple[str, str]] = field(default_factory=set)

    def in_month(self, month: str) -> Composition | None:
        return _last([row for row in self.versions if row[0] <= month])

    @property
    def now(self) -> Composition | None:
        """The composition in force."""
        return self.versions[-1][1] if self.state == "in_force" else None

    @property
    def latest(self) -> Composition:
        known = [composition for _, composition in self.versions if composition]
        return known[-1] if known else self.opening


@dataclass
class WorkOrder:
    type: str
    subscription: str
    rule: str | None
    product: str | None = None
    after: list[str] = field(default_factory=list)
    done: bool = False
    cancelled: bool = False

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.type, self.subscription, self.product]))


@dataclass
class Order:
    id: str
    type: str
    customer: str
    fields: dict[str, Any]
    at: datetime
    seq: int
    work_orders: dict[str, WorkOrder] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    bundle: str | None = None
    composition: Composition | None = None
    state: str = "accepted"
    completed_on: date | None = None
    completed_seq: int = 0
    cancelled_by: str | None = None
    superseded: bool = False
    due: str | None = None  # the month at whose start it acts
    applied: bool = False

    @property
    def open(self) -> bool:
        return self.state in ("accepted", "in_progress")

    @property
    def live(self) -> bool:
        """It has acted on nothing yet and still may."""
        return self.state != "cancelled" and not self.superseded and not self.applied

    def state_of(self, work_order: WorkOrder) -> str:
        if work_order.done:
            return "done"
        if work_order.cancelled:
            return "cancelled"
        ready = all(self.work_orders[name].done for name in work_order.after)
        return "ready" if ready else "waiting"


@dataclass
class Ledger:
    name: str
    seq: int
    cash: int = 0
    gift: int = 0
    scope: dict[str, list[str]] = field(default_factory=dict)
    expires: date | None = None
    to_come: list[tuple[str, int]] = field(default_factory=list)  # (month, fen)
    comes_as_gift: bool = False
    comes_to: str | None = None  # the account whose public ledger takes the parts (CHG-2)


@dataclass
class Line:
    subscription: str
    item: str
    amount: int
    paid: int = 0

    @property
    def due(self) -> int:
        return self.amount - self.paid


@dataclass
class Bill:
    month: str
    due_on: date | None  # None: arrears from before the scenario
    lines: list[Line]

    @property
    def due(self) -> int:
        return sum(line.due for line in self.lines)

    def overdue(self, on: date) -> bool:
        return self.due > 0 and (self.due_on is None or self.due_on < on)


@dataclass
class Payment:
    """Money of one ledger that went to one bill line."""

    ledger: Ledger
    line: Line
    cash: int


@dataclass
class Account:
    name: str
    owner: str
    unified: bool
    ledgers: dict[str, Ledger]
    bills: list[Bill] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)

    @property
    def public(self) -> Ledger:
        return self.ledgers["public"]

    @property
    def owes(self) -> bool:
        """It has an issued bill with something due, overdue or not."""
        return any(bill.due > 0 for bill in self.bills)

    def overdue(self, on: date) -> bool:
        return any(bill.overdue(on) for bill in self.bills)


@dataclass
class OneOff:
    subscription: str
    at: datetime
    amount: int


@dataclass
class Record:
    id: str
    subscription: str
    call_type: str
    other_number: str
    start: datetime
    end: datetime
    month: str
    duration_s: int
    visited_area: str
    volume_kb: int
    info_fee_hao: int
    late_in: str | None = None  # the month on whose bill a late record stands


@dataclass
class World:
    catalogue: Catalogue
    customers: dict[str, Customer] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    bundles: dict[str, Bundle] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    seen_records: set[str] = field(default_factory=set)
    loaded: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    one_offs: list[OneOff] = field(default_factory=list)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    count: int = 0

    def next(self) -> int:
        self.count += 1
        return self.count

    @property
    def home_areas(self) -> list[str]:
        return list(self.catalogue.data["home_areas"])

    def owner(self, subscription: Subscription) -> Customer:
        return self.customers[subscription.owner]

    def bundle_now(self, sub: str) -> Bundle | None:
        """The bundle in force that it is in, as member or terminal."""
        for bundle in self.bundles.values():
            if bundle.now and sub in bundle.now.everyone:
                return bundle
        return None

    def bundle_in(self, sub: str, month: str) -> tuple[Bundle, Composition] | None:
        for bundle in self.bundles.values():
            composition = bundle.in_month(month)
            if composition and sub in composition.everyone:
                return bundle, composition
        return None

    def part(self, composition: Composition, sub: str) -> str:
        if sub in composition.members:
            return "base"
        return "share" if self.catalogue.shares_minutes(composition.terminals[sub]) else "vpn"

    def takes_bundle_plan(self, composition: Composition, sub: str, service: str) -> bool:
        """Base members and shared-minute terminals, except 3G, have the bundle's plan."""
        return self.part(composition, sub) != "vpn" and service != "m3g"

    def has_bundle_plan(self, sub: str) -> Bundle | None:
        bundle = self.bundle_now(sub)
        service = self.subscriptions[sub].service
        if bundle and bundle.now and self.takes_bundle_plan(bundle.now, sub, service):
            return bundle
        return None

    def unified_pays(
        self, bundle: Bundle, composition: Composition, sub: str, service: str
    ) -> bool:
        if self.part(composition, sub) == "vpn":
            return False
        return not (service == "m3g" and bundle.separate_3g)

    def unified_payer_in(self, sub: str, month: str) -> str | None:
        found = self.bundle_in(sub, month)
        if found and self.unified_pays(*found, sub, self.subscriptions[sub].service):
            return found[0].account
        return None

    def payer_now(self, sub: str) -> str:
        bundle = self.bundle_now(sub)
        subscription = self.subscriptions[sub]
        if (
            bundle
            and bundle.now
            and self.unified_pays(bundle, bundle.now, sub, subscription.service)
        ):
            return bundle.account
        return subscription.account

    def paid_now_by(self, account: str) -> list[str]:
        return [sub for sub in self.subscriptions if self.payer_now(sub) == account]

    def account(self, name: str) -> Account:
        if name not in self.accounts:
            raise BadFileError(f"unknown account {name!r}")
        return self.accounts[name]

    def open_account(self, name: str, *, owner: str, unified: bool) -> Account:
        public = Ledger(name="public", seq=self.next())
        self.accounts[name] = Account(name, owner, unified, {"public": public})
        return self.accounts[name]

    def holder_of(self, number: str, at: datetime) -> Subscription | None:
        """Whose number it is at a moment; a terminated subscription holds none."""
        for subscription in self.subscriptions.values():
            if subscription.number_at(at) == number:
                if subscription.state_at(at) != "terminated":
                    return subscription
        return None


def _last(rows: list[tuple[Any, Any]]) -> Any:
    return rows[-1][1] if rows else None
