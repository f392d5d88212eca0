"""Everything there is at a moment of a scenario, and the look-ups in it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.oracle.catalogue import Catalogue
from tests.oracle.entities import (
    Account,
    Bundle,
    Composition,
    Customer,
    Ledger,
    OneOff,
    Order,
    Record,
    Subscription,
)
from tests.oracle.reader import BadFileError


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
            terminated = subscription.state_at(at) == "terminated"
            if subscription.number_at(at) == number and not terminated:
                return subscription
        return None
