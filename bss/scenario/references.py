"""Whether everything that a scenario refers to is there, before anything is run."""

from collections.abc import Iterable, Mapping
from typing import Any

from billing.models import BillLine
from bss.scenario.reader import BadScenarioError, Scenario, Step
from customers.models import Document
from packages_wo.queries.sample import sample_catalogue


def check_references(scenario: Scenario) -> dict[str, Any]:
    """The catalogue document of the scenario: its overrides merged over the sample.

    Raises: BadScenarioError at the first reference to something that is not there.
    """
    catalogue = merged(sample_catalogue(), scenario.catalogue)
    checker = _Checker(scenario, catalogue)
    checker.check_the_scene()
    for step in scenario.steps:
        checker.check_step(step)
    return catalogue


def merged(base: Mapping[Any, Any], overrides: Mapping[Any, Any]) -> dict[Any, Any]:
    """A deep merge: maps by key, everything else replaced."""
    result = dict(base)
    for key, value in overrides.items():
        inner = result.get(key)
        if isinstance(inner, Mapping) and isinstance(value, Mapping):
            result[key] = merged(inner, value)
        else:
            result[key] = value
    return result


class _Checker:
    """Walks the file in order and remembers the names that have come up."""

    def __init__(self, scenario: Scenario, catalogue: Mapping[str, Any]) -> None:
        self.scenario = scenario
        self.catalogue = catalogue
        self.subscriptions = set(scenario.subscriptions)
        self.orders: dict[str, str] = {}
        self.offerings: dict[str, str] = {}
        self.accounts: set[str] = set()
        self.ledgers: set[tuple[str, str]] = set()
        self.refused = False

    def known(self, name: Any, names: Iterable[Any], place: str, kind: str) -> None:
        if name not in names:
            raise BadScenarioError(place, f"there is no {kind} {name!r}")

    def check_the_scene(self) -> None:
        numbers: dict[str, str] = {}
        for name, given in self.scenario.subscriptions.items():
            place = f"subscriptions.{name}"
            self.check_subscription(given, place)
            self.known(given["owner"], self.scenario.customers, f"{place}.owner", "customer")
            for product in given.get("vas", ()):
                self.known(product, self.catalogue["vas"], f"{place}.vas", "product")
            first = self.scenario.steps[0].at if self.scenario.steps else None
            if first is not None and given["since"] > f"{first:%Y-%m-%d}":
                raise BadScenarioError(f"{place}.since", "is after the first step")
            if given["number"] in numbers:
                raise BadScenarioError(
                    f"{place}.number", f"is the number of {numbers[given['number']]} too"
                )
            numbers[given["number"]] = name

    def check_subscription(self, given: Mapping[str, Any], place: str) -> None:
        self.check_plan(given["plan"], f"{place}.plan")
        service = self.catalogue["plans"][given["plan"]]["service"]
        if service != given["service"]:
            raise BadScenarioError(
                f"{place}.plan", f"{given['plan']} is for {service}, not for {given['service']}"
            )

    def check_plan(self, plan: str, place: str) -> None:
        self.known(plan, self.catalogue["plans"], place, "plan")

    def check_step(self, step: Step) -> None:
        check = getattr(self, f"check_{step.action}", None)
        if check is not None:
            self.refused = bool(step.refused)
            check(step.fields, f"{step.place}, {step.action}")

    def check_order(self, order: Mapping[str, Any], place: str) -> None:
        if order["id"] in self.orders:
            raise BadScenarioError(f"{place}.id", f"{order['id']!r} is the id of an order above")
        if "customer" in order:
            self.known(order["customer"], self.scenario.customers, f"{place}.customer", "customer")
        for name, new in order.get("new", {}).items():
            if name in self.scenario.subscriptions:
                raise BadScenarioError(f"{place}.new.{name}", "is a subscription already")
            self.check_subscription(new, f"{place}.new.{name}")
            if "owner" in new:
                self.known(
                    new["owner"], self.scenario.customers, f"{place}.new.{name}.owner", "customer"
                )
            self.subscriptions.add(name)
        self.check_composition(order, place)
        if "vas" in order:
            self.known(order["vas"], self.catalogue["vas"], f"{place}.vas", "product")
        if "plan" in order:
            self.check_plan(order["plan"], f"{place}.plan")
        if "to" in order:
            self.known(order["to"], self.scenario.customers, f"{place}.to", "customer")
        self.orders[order["id"]] = order["type"]

    def check_composition(self, order: Mapping[str, Any], place: str) -> None:
        if order["type"] == "open_bundle":
            self.check_offering(order, place)
            self.accounts.add(order["account"])
        elif "bundle" in order:
            self.known(order["bundle"], self.offerings, f"{place}.bundle", "bundle")
            if "tier" in order:
                self.check_tier(self.offerings[order["bundle"]], order["tier"], place)
        for key in ("members", "add", "remove"):
            for name in order.get(key, ()):
                self.known(name, self.subscriptions, f"{place}.{key}", "subscription")
        for key in ("main", "subscription"):
            if key in order:
                self.known(order[key], self.subscriptions, f"{place}.{key}", "subscription")
        for pack in order.get("packs", ()):
            self.known(pack["pack"], self.catalogue["packs"], f"{place}.packs", "pack")
            if "terminal" in pack:
                self.known(pack["terminal"], self.subscriptions, f"{place}.packs", "subscription")
        for name, plan in order.get("new_plans", {}).items():
            self.known(name, self.subscriptions, f"{place}.new_plans", "subscription")
            self.check_plan(plan, f"{place}.new_plans.{name}")

    def check_offering(self, order: Mapping[str, Any], place: str) -> None:
        offering = (
            self.catalogue["bundles"].get("aliases", {}).get(order["offering"], order["offering"])
        )
        offered = self.catalogue["bundles"].get(offering)
        if not isinstance(offered, Mapping) or "tiers" not in offered:
            raise BadScenarioError(f"{place}.offering", f"there is no offering {offering!r}")
        self.check_tier(offering, order["tier"], place)
        for document in order.get("documents", ()):
            self.known(document, Document.Type.values, f"{place}.documents", "document type")
        self.offerings[order["id"]] = offering

    def check_tier(self, offering: str, tier: int, place: str) -> None:
        tiers = {str(code) for code in self.catalogue["bundles"][offering]["tiers"]}
        self.known(str(tier), tiers, f"{place}.tier", f"tier of {offering}")

    def check_complete(self, complete: Any, place: str) -> None:
        order = complete if isinstance(complete, str) else complete["order"]
        self.known(order, self.orders, place, "order above")

    def check_withdraw(self, order: str, place: str) -> None:
        self.known(order, self.orders, place, "order above")

    def check_account(self, name: str, place: str) -> None:
        if name not in self.accounts:
            self.known(name.partition("@")[0], self.subscriptions, place, "account")

    def check_pay(self, pay: Mapping[str, Any], place: str) -> None:
        if "account" in pay:
            self.check_account(pay["account"], f"{place}.account")
            if pay.get("ledger", "public") != "public":
                opened = {ledger for account, ledger in self.ledgers if account == pay["account"]}
                self.known(pay["ledger"], opened, f"{place}.ledger", "ledger")
        elif "ledger" in pay:
            raise BadScenarioError(f"{place}.ledger", "a top-up by number has no ledger (ACC-4)")

    def check_special_ledger(self, ledger: Mapping[str, Any], place: str) -> None:
        self.check_account(ledger["account"], f"{place}.account")
        scope = ledger.get("scope", {})
        for name in scope.get("subscriptions", ()):
            self.known(name, self.subscriptions, f"{place}.scope.subscriptions", "subscription")
        for item in scope.get("items", ()):
            self.known(item, BillLine.Item.values, f"{place}.scope.items", "charge item")
        if (ledger["account"], ledger["name"]) in self.ledgers or ledger["name"] == "public":
            raise BadScenarioError(f"{place}.name", f"there is a ledger {ledger['name']!r} already")
        if not self.refused:
            self.ledgers.add((ledger["account"], ledger["name"]))

    def check_usage(self, usage: Any, place: str) -> None:
        if isinstance(usage, Mapping):
            path = self.scenario.directory / usage["file"]
            if not path.is_file():
                raise BadScenarioError(f"{place}.file", f"there is no file {usage['file']!r}")
