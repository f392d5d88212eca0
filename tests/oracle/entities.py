"""Who and what there is while a scenario runs: plain records with their history."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.oracle.months import begins_at, ends_at


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
    def ended_in(self) -> str:
        """The month at whose start it ended, which a missing month start makes a later one."""
        return self.versions[-1][0]

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


def _last(rows: list[tuple[Any, Any]]) -> Any:
    return rows[-1][1] if rows else None
