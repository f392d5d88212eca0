"""Decomposes a bundle order into its work orders (PAR-1 … PAR-14)."""

from collections.abc import Callable

from tests.oracle.entities import Bundle, Composition, Subscription, WorkOrder
from tests.oracle.world import World

Find = Callable[[str], Subscription]


class Parser:
    """Collects the work orders of one order, in their order."""

    def __init__(self, world: World, find: Find, new: list[str]):
        self.world, self.cat, self.find, self.new = world, world.catalogue, find, new
        self.work_orders: dict[str, WorkOrder] = {}

    def add(
        self,
        kind: str,
        sub: str,
        rule: str,
        *,
        product: str | None = None,
        after: list[str] | None = None,
    ) -> None:
        work_order = WorkOrder(kind, sub, rule, product, after or [])
        self.work_orders[work_order.name] = work_order

    def opening(self, bundle: Bundle) -> dict[str, WorkOrder]:
        for sub in bundle.opening.everyone:
            self.joining(bundle, bundle.opening, sub)
        return self.work_orders

    def change(self, bundle: Bundle, new: Composition) -> dict[str, WorkOrder]:
        old = bundle.now
        for sub in new.everyone:
            if sub in old.everyone:
                self.staying(bundle, old, new, sub)
        for sub in old.everyone:
            if sub not in new.everyone:
                next_plan = self.find(sub).plan
                self.leaving(bundle, old, sub, rule="PAR-1", next_plan=next_plan)
        for sub in new.everyone:
            if sub not in old.everyone:
                self.joining(bundle, new, sub)
        return self.work_orders

    def cancellation(self, bundle: Bundle, new_plans: dict[str, str]) -> dict[str, WorkOrder]:
        for sub in bundle.now.everyone:
            next_plan = new_plans.get(sub)
            self.leaving(bundle, bundle.now, sub, rule="CAN-4", next_plan=next_plan)
        return self.work_orders

    def joining(self, bundle: Bundle, composition: Composition, sub: str) -> None:
        subscription = self.find(sub)
        part, service = self.world.part(composition, sub), subscription.service
        waits: list[str] = []
        if sub in self.new:
            waits = [f"install {sub}"]
            self.add("reserve_resource", sub, "PAR-5")
            self.add("install", sub, "PAR-5", after=self._before_install(composition, sub))
        elif part != "vpn" and service != "m3g":
            self.add("change_plan", sub, "PAR-1")

        if service == "broadband" and part == "base":
            needed = self.cat.needed_kbps(bundle.offering, composition.packs)
            if sub not in self.new and subscription.speed_kbps != needed:
                self.add("change_speed", sub, "PAR-2")
            if self.cat.has_static_ip(composition.packs):
                self._static_ip(sub, waits)
        if part == "base":
            for product in self.cat.products_for(bundle.offering, service):
                there = product in subscription.vas
                kind, rule = ("change_vas", "PAR-4") if there else ("open_vas", "PAR-3")
                self.add(kind, sub, rule, product=product, after=list(waits))
        if part != "vpn" and service in ("fixed", "m2g"):
            self.add("enable_ldd", sub, "PAR-6", after=list(waits))
        if service != "broadband":
            self.add("join_vpn", sub, "PAR-7", after=list(waits))
        if self.world.unified_pays(bundle, composition, sub, service):
            self.add("merge_account", sub, "PAR-8", after=list(waits))

    def staying(self, bundle: Bundle, old: Composition, new: Composition, sub: str) -> None:
        subscription = self.find(sub)
        differs = (old.tier, old.scheme) != (new.tier, new.scheme)
        if differs and self.world.takes_bundle_plan(old, sub, subscription.service):
            self.add("change_plan", sub, "PAR-1")
        if subscription.service != "broadband":
            return
        if subscription.speed_kbps != self.cat.needed_kbps(bundle.offering, new.packs):
            self.add("change_speed", sub, "PAR-2")
        had, has = self.cat.has_static_ip(old.packs), self.cat.has_static_ip(new.packs)
        if has and not had:
            self._static_ip(sub, [])
        if had and not has:
            self.add("remove_static_ip", sub, "PAR-14")

    def leaving(
        self,
        bundle: Bundle,
        composition: Composition,
        sub: str,
        *,
        rule: str,
        next_plan: str | None,
    ) -> None:
        subscription = self.find(sub)
        service = subscription.service
        if self.world.takes_bundle_plan(composition, sub, service):
            self.add("change_plan", sub, rule)
        if service == "broadband":
            next_kbps = self.cat.plan(next_plan).get("speed_kbps") if next_plan else None
            if subscription.speed_kbps != next_kbps:
                self.add("change_speed", sub, "PAR-14")
            if self.cat.has_static_ip(composition.packs):
                self.add("remove_static_ip", sub, "PAR-14")
        for product in self.cat.products_for(bundle.offering, service):
            if (sub, product) in bundle.opened_vas and product in subscription.vas:
                self.add("close_vas", sub, "PAR-14", product=product)
        if service != "broadband":
            self.add("leave_vpn", sub, "PAR-14")
        if self.world.unified_pays(bundle, composition, sub, service):
            self.add("split_account", sub, "PAR-14")

    def _static_ip(self, sub: str, waits: list[str]) -> None:
        speed = f"change_speed {sub}"
        after = list(waits) or ([speed] if speed in self.work_orders else [])
        self.add("static_ip", sub, "PAR-9", after=after)

    def _before_install(self, composition: Composition, sub: str) -> list[str]:
        """Its reservation; broadband waits for the new line that it runs over."""
        before = [f"reserve_resource {sub}"]
        if self.find(sub).service == "broadband":
            lines = [m for m in composition.members if self.find(m).service == "fixed"]
            before += [f"install {line}" for line in lines if line in self.new]
        return before
