"""Orders of every type, mostly sensible, and what becomes of them."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from tests.oracle.eligibility import is_pending_member, is_taken
from tests.oracle.entities import Bundle, Subscription
from tests.oracle.invention.people import a_number, a_plan
from tests.oracle.single import TYPES
from tests.oracle.world import World

Fields = dict[str, Any] | None
GONE = ("terminated", "pre_terminated")
TIERS = {"basic": [56, 106, 206, 306], "enhanced": [136, 186, 286, 386]}
TERMS = ["TERM-SHARE", "TERM-SHARE", "TERM-VPN"]
EXTRAS = ["MIN-300", "MIN-300", "BB-4M", "BB-8M", "STATIC-IP"]


class Business:
    """Invents one order at a time for the world as it is."""

    def __init__(self, random: Random, world: World):
        self.random, self.world = random, world
        self.careful = True  # whether the order in the making avoids what is refused
        self.serial = 50  # of numbers that nobody has had

    def an_order(self, name: str, *, at: datetime) -> Fields:
        weights = {
            self.open_bundle: 1 if self._bundles("in_force", "pending") else 6,
            self.change_bundle: 3 if self._bundles("in_force") else 0.2,
            self.cancel_bundle: 0.7 if self._bundles("in_force") else 0.1,
            self.single_user: 3,
        }
        make: Callable[[str], Fields]
        make = self.random.choices(list(weights), weights=list(weights.values()))[0]
        return make(name)

    # bundles

    def open_bundle(self, name: str, *, careful: bool | None = None) -> Fields:
        random = self.random
        self.careful = self._now_and_then(0.65) if careful is None else careful
        offering = random.choice(["basic", "basic", "enhanced"])
        scheme = random.choice("AAB")
        customer = self._customer()
        services = ["fixed", *(["broadband"] if offering == "enhanced" else [])]
        services += {"A": ["m2g"], "B": ["m3g", *(["m2g"] if self._now_and_then(0.5) else [])]}[
            scheme
        ]
        if not self.careful and self._now_and_then(0.4):
            services.append(random.choice(["m3g", "m2g", "broadband"]))
        if not self.careful and self._now_and_then(0.3):
            services.remove(random.choice(services))
        random.shuffle(services)
        chosen: list[str] = []
        new: dict[str, Any] = {}
        for service in services:
            self._choose(service, customer, chosen, new)
        if not chosen:
            return None
        members = list(chosen)
        packs = self._packs(customer, chosen, new, broadband=offering == "enhanced")
        fields = {
            "id": name,
            "type": "open_bundle",
            "customer": customer,
            "offering": offering,
            "scheme": scheme,
            "tier": random.choice(TIERS[offering]),
            "members": members,
            "account": self._account(customer, name),
        }
        if new:
            fields["new"] = new
        if packs:
            fields["packs"] = packs
        if self._now_and_then(0.15):
            fields["main"] = random.choice(members)
        if self._now_and_then(0.3):
            fields["separate_3g"] = True
        if self._now_and_then(0.05):
            aliases = {"basic": "精英版", "enhanced": "至尊版"}
            fields["offering"] = aliases[offering]
        if not self.careful and self._now_and_then(0.1):
            fields["documents"] = random.choice([["resident_id"], ["passport", "resident_id"]])
        if self.world.customers[customer].kind == "individual" and self._now_and_then(0.8):
            extra = random.choice(
                [{"filed_by_manager": True}, {"documents": ["legal_person_authorisation"]}]
            )
            fields.update(extra)
        return fields

    def change_bundle(self, name: str) -> Fields:
        random = self.random
        bundle = self._a_bundle()
        if not bundle:
            return None
        self.careful = self._now_and_then(0.65)
        composition = bundle.latest
        fields: dict[str, Any] = {
            "id": name,
            "type": "change_bundle",
            "customer": bundle.customer,
            "bundle": bundle.id,
        }
        chosen = list(composition.everyone)
        new: dict[str, Any] = {}
        if self._now_and_then(0.5):
            fields["tier"] = random.choice(TIERS[bundle.offering])
        if self._now_and_then(0.4):
            may_go = [sub for sub in chosen if not self.careful or self._may_go(bundle, sub)]
            if may_go:
                fields["remove"] = random.sample(may_go, 1)
        if self._now_and_then(0.35):
            add: list[str] = []
            lacking = {"m2g", "fixed"} - {
                self.world.subscriptions[sub].service
                for sub in composition.members
                if sub not in fields.get("remove", [])
            }
            services = sorted(lacking) if self.careful else ["m2g", "fixed", "m3g", "broadband"]
            if services:
                self._choose(random.choice(services), bundle.customer, add, new)
            add = [sub for sub in add if sub not in chosen]
            if add:
                fields["add"], chosen = add, chosen + add
        if self._now_and_then(0.4):
            kept = [
                {"pack": pack, "terminal": sub}
                for sub, pack in composition.terminals.items()
                if self._now_and_then(0.8) and sub not in fields.get("remove", [])
            ]
            enhanced = bundle.offering == "enhanced"
            more = self._packs(bundle.customer, chosen, new, broadband=enhanced)
            fields["packs"] = kept + more
        if new:
            fields["new"] = new
        return fields

    def cancel_bundle(self, name: str) -> Fields:
        bundle = self._a_bundle()
        if not bundle:
            return None
        plans = {}
        for sub in bundle.latest.everyone:
            service = self.world.subscriptions[sub].service
            part = self.world.part(bundle.latest, sub)
            if service != "m3g" and part != "vpn" and self._now_and_then(0.95):
                plans[sub] = a_plan(self.random, service)
        return {
            "id": name,
            "type": "cancel_bundle",
            "customer": bundle.customer,
            "bundle": bundle.id,
            "new_plans": plans,
        }

    # single-user business

    def single_user(self, name: str) -> Fields:
        random, world = self.random, self.world
        alive = [row for row in world.subscriptions.values() if self._free_of_orders(row)]
        if not alive:
            return None
        subscription = random.choice(alive)
        sub = subscription.id
        kinds = list(TYPES)
        if subscription.state == "pending":
            kinds = ["change_plan", "change_number", "transfer", "terminate", "hold"]
        if subscription.state == "on_hold":
            kinds += ["resume"] * 6
        kinds += ["hold", "change_plan", "transfer"]
        kind = random.choice(kinds)
        fields = {"id": name, "type": kind, "customer": subscription.owner, "subscription": sub}
        if kind == "change_plan":
            fields["plan"] = a_plan(random, subscription.service)
        elif kind == "change_number":
            fields["number"] = self._unused_number(subscription.service)
        elif kind == "transfer":
            others = [row for row in world.customers if row != subscription.owner]
            fields["to"] = random.choice(others)
        elif kind in ("open_vas", "close_vas"):
            return self._vas(fields, subscription)
        return fields

    def _vas(self, fields: dict[str, Any], subscription: Subscription) -> Fields:
        """A product to open that is not there, or to close that is."""
        if subscription.service == "broadband":
            return None
        if fields["type"] == "close_vas":
            products = sorted(subscription.vas)
            if is_pending_member(self.world, subscription.id):
                products = [product for product in products if product != "caller_id"]
        else:
            products = sorted({"colour_ring", "call_waiting"} - subscription.vas)
            if "caller_id" not in subscription.vas and not self._in_bundle(subscription.id):
                products.append("caller_id")
        return {**fields, "vas": self.random.choice(products)} if products else None

    # what becomes of orders

    def a_completion(self) -> Any:
        orders = [row for row in self.world.orders.values() if self._may_complete(row.id)]
        waiting = [row for row in orders if row.open]
        if waiting and self._now_and_then(0.95):
            orders = waiting
        if not orders:
            return None
        order = self.random.choice(orders)
        names = list(order.work_orders)
        if order.open and len(names) > 2 and self._now_and_then(0.25):
            some = self.random.randint(1, len(names) - 1)
            if self._now_and_then(0.7):
                return {"order": order.id, "work_orders": names[:some]}
            return {"order": order.id, "work_orders": self.random.sample(names, some)}
        return order.id

    def a_withdrawal(self) -> str | None:
        orders = list(self.world.orders.values())
        waiting = [row for row in orders if row.open and row.type not in TYPES]
        if waiting and self._now_and_then(0.9):
            orders = waiting
        return self.random.choice(orders).id if orders else None

    # what there is to choose from

    def _now_and_then(self, chance: float) -> bool:
        return self.random.random() < chance

    def _customer(self) -> str:
        return "c1" if self._now_and_then(0.75) else self.random.choice(list(self.world.customers))

    def _bundles(self, *states: str) -> list[Bundle]:
        return [row for row in self.world.bundles.values() if row.state in states]

    def _a_bundle(self) -> Bundle | None:
        """One in force if there is, whose members all are still there."""
        bundles = list(self.world.bundles.values())
        if self._bundles("in_force") and self._now_and_then(0.93):
            bundles = self._bundles("in_force")
        bundles = [
            row
            for row in bundles
            if not any(
                self.world.subscriptions[sub].state in GONE or not self._free_of_exits(sub)
                for sub in row.latest.everyone
            )
        ]
        return self.random.choice(bundles) if bundles else None

    def _may_go(self, bundle: Bundle, sub: str) -> bool:
        """A terminal, the 3G member, or one that scheme B does without."""
        service = self.world.subscriptions[sub].service
        composition = bundle.latest
        how = self.world.catalogue.members(bundle.offering, composition.scheme)
        return sub in composition.terminals or service == "m3g" or how.get(service) != "required"

    def _account(self, customer: str, name: str) -> str:
        own = [
            row.name
            for row in self.world.accounts.values()
            if row.unified and row.owner == customer
        ]
        return self.random.choice(own) if own and self._now_and_then(0.4) else f"u-{name}"

    def _choose(self, service: str, customer: str, chosen: list[str], new: dict[str, Any]) -> None:
        """One of that service that may join, or a new one."""
        world = self.world
        candidates = [
            row
            for row in world.subscriptions.values()
            if row.service == service
            and row.id not in chosen
            and row.state not in (*GONE, "pending")
            and self._free_of_orders(row)
        ]
        suitable = [
            row
            for row in candidates
            if row.owner == customer
            and not is_taken(world, row.id, beside=None)
            and row.plan not in ("M2G-PROMO", "3G-66")
            and (row.line, row.payment, row.real_name) == ("enterprise", "postpaid", True)
            and not world.account(world.payer_now(row.id)).owes
        ]
        if self.careful or (suitable and self._now_and_then(0.6)):
            candidates = suitable
        if candidates and self._now_and_then(0.85):
            chosen.append(self.random.choice(candidates).id)
            return
        number = self._unused_number(service)
        row = {"service": service, "number": number, "plan": a_plan(self.random, service)}
        if row["plan"] in ("M2G-PROMO", "3G-66") and (self.careful or self._now_and_then(0.5)):
            row["plan"] = {"m2g": "M2G-BLOCK", "m3g": "3G-126"}[service]
        if not self.careful and self._now_and_then(0.3):
            row["owner"] = self.random.choice(list(world.customers))
        sub = f"n{self.serial}"
        new[sub] = row
        chosen.append(sub)

    def _packs(
        self, customer: str, chosen: list[str], new: dict[str, Any], *, broadband: bool
    ) -> list[dict[str, str]]:
        packs: list[dict[str, str]] = []
        for _ in range(self.random.choice([0, 0, 1, 1, 2])):
            services = ["m2g", "m2g", "fixed", "m3g"]
            pack = self.random.choice(TERMS)
            if pack == "TERM-SHARE" and (self.careful or self._now_and_then(0.8)):
                services = services[:3]
            before = len(chosen)
            self._choose(self.random.choice(services), customer, chosen, new)
            if len(chosen) > before:
                packs.append({"pack": pack, "terminal": chosen[-1]})
        for _ in range(self.random.choice([0, 0, 0, 1, 2])):
            many = broadband or not (self.careful or self._now_and_then(0.6))
            pack = {"pack": self.random.choice(EXTRAS if many else EXTRAS[:1])}
            if pack not in packs or not self.careful:
                packs.append(pack)
        return packs

    def _unused_number(self, service: str) -> str:
        self.serial += 1
        return a_number(service, self.serial)

    def _open_orders(self, sub: str) -> list[str]:
        return [
            row.type
            for row in self.world.orders.values()
            if row.open and row.fields.get("subscription") == sub
        ]

    def _free_of_orders(self, subscription: Subscription) -> bool:
        return subscription.state not in GONE and not self._open_orders(subscription.id)

    def _free_of_exits(self, sub: str) -> bool:
        return not {"terminate", "transfer"} & set(self._open_orders(sub))

    def _in_bundle(self, sub: str) -> bool:
        return is_taken(self.world, sub, beside=None)

    def _may_complete(self, name: str) -> bool:
        """Nothing is completed for a subscription that is no longer there."""
        order = self.world.orders[name]
        sub = order.fields.get("subscription")
        return not order.open or not sub or self.world.subscriptions[sub].state not in GONE
