"""Month start: everything that is due on or before its 1st (EFF-5), in the prescribed order."""

from datetime import datetime

from tests.oracle import money
from tests.oracle.entities import Bundle, Composition, Order
from tests.oracle.months import first_day
from tests.oracle.orders import cancellation_of, lapse
from tests.oracle.world import World


def start_month(world: World, month: str, *, at: datetime) -> None:
    if month in world.started:
        return
    world.started.append(month)
    start = MonthStart(world, month, at)
    start.plan_changes()
    start.endings_and_changes()
    start.openings()
    money.release_parts(world, month, at=at)


class MonthStart:
    def __init__(self, world: World, month: str, at: datetime):
        self.world, self.month, self.at = world, month, at

    def _due(self, kind: str) -> list[Order]:
        return [
            order
            for order in self.world.orders.values()
            if order.type == kind and order.live and order.due and order.due <= self.month
        ]

    def plan_changes(self) -> None:
        for order in sorted(self._due("change_plan"), key=lambda order: order.completed_seq):
            order.applied = True
            sub, plan = order.fields["subscription"], order.fields["plan"]
            subscription = self.world.subscriptions[sub]
            subscription.plans.append((self.month, plan))
            if not self.world.has_bundle_plan(sub):
                self._take_speed_of_plan(sub)

    def endings_and_changes(self) -> None:
        """As they were ordered; a bundle that debt ends (CRD-4) stands where it was opened."""
        steps = []
        for bundle in self.world.bundles.values():
            if not bundle.now:
                continue
            cancellation = cancellation_of(self.world, bundle)
            if cancellation in self._due("cancel_bundle"):
                steps.append((cancellation.seq, self._cancel, bundle, cancellation))
            elif self._lost_a_required_member(bundle):
                steps.append((bundle.ordered, self._end_for_debt, bundle, None))
            else:
                steps += [
                    (change.seq, self._change, bundle, change)
                    for change in self._due("change_bundle")
                    if change.bundle == bundle.id
                ]
        for _, act, bundle, order in sorted(steps, key=lambda step: step[0]):
            act(bundle, order)

    def openings(self) -> None:
        for order in self._due("open_bundle"):
            bundle = self.world.bundles[order.id]
            order.applied = True
            bundle.state = "in_force"
            bundle.versions.append((self.month, bundle.opening))
            for sub in bundle.opening.everyone:
                self._join(bundle, bundle.opening, order, sub)

    def _cancel(self, bundle: Bundle, order: Order) -> None:
        order.applied = True
        old, new_plans = bundle.now, order.fields.get("new_plans") or {}
        for sub in old.everyone:
            service = self.world.subscriptions[sub].service
            if self.world.takes_bundle_plan(old, sub, service):
                self.world.subscriptions[sub].plans.append((self.month, new_plans[sub]))
        self._close_vas(order)
        self._end(bundle, old)

    def _end_for_debt(self, bundle: Bundle, _: None) -> None:
        old = bundle.now
        for order in self.world.orders.values():
            if order.bundle == bundle.id and order.type != "open_bundle" and order.live:
                lapse(self.world, order, rule="CRD-4", at=self.at)
        for sub, product in bundle.opened_vas:
            if sub in old.everyone:
                self.world.subscriptions[sub].vas.discard(product)
        self._end(bundle, old)
        bundle.ends = first_day(self.month)

    def _end(self, bundle: Bundle, old: Composition) -> None:
        bundle.versions.append((self.month, None))
        bundle.state = "ended"
        for sub in old.everyone:
            self._take_speed_of_plan(sub)
            money.leave_with_money(
                self.world, sub, account=bundle.account, gift_stays=False, at=self.at
            )
        if not self.world.paid_now_by(bundle.account):
            account = self.world.account(bundle.account)
            money.free_special_money(self.world, account, at=self.at)

    def _change(self, bundle: Bundle, order: Order) -> None:
        order.applied = True
        old, new = bundle.now, order.composition
        bundle.versions.append((self.month, new))
        self._close_vas(order)
        for sub in old.everyone:
            if sub in new.everyone:
                self._take_needed_speed(bundle, new, sub)
                continue
            bundle.opened_vas = {row for row in bundle.opened_vas if row[0] != sub}
            self._take_speed_of_plan(sub)
            money.leave_with_money(
                self.world, sub, account=bundle.account, gift_stays=True, at=self.at
            )
        for sub in new.everyone:
            if sub not in old.everyone:
                self._join(bundle, new, order, sub)

    def _join(self, bundle: Bundle, composition: Composition, order: Order, sub: str) -> None:
        self._take_needed_speed(bundle, composition, sub)
        for work_order in order.work_orders.values():
            if work_order.type == "open_vas" and work_order.subscription == sub:
                bundle.opened_vas.add((sub, work_order.product))
                self.world.subscriptions[sub].vas.add(work_order.product)

    def _close_vas(self, order: Order) -> None:
        for work_order in order.work_orders.values():
            if work_order.type == "close_vas":
                self.world.subscriptions[work_order.subscription].vas.discard(work_order.product)

    def _take_needed_speed(self, bundle: Bundle, composition: Composition, sub: str) -> None:
        subscription = self.world.subscriptions[sub]
        if subscription.service == "broadband":
            cat = self.world.catalogue
            subscription.speed_kbps = cat.needed_kbps(bundle.offering, composition.packs)

    def _take_speed_of_plan(self, sub: str) -> None:
        subscription = self.world.subscriptions[sub]
        if subscription.service == "broadband":
            subscription.speed_kbps = self.world.catalogue.plan(subscription.plan).get("speed_kbps")

    def _lost_a_required_member(self, bundle: Bundle) -> bool:
        """CRD-4: a required base member is pre-terminated, or all of its one-or-more-of."""
        composition = bundle.now
        how = self.world.catalogue.members(bundle.offering, composition.scheme)
        one_of = []
        for sub in composition.members:
            subscription = self.world.subscriptions[sub]
            gone = subscription.state == "pre_terminated"
            if gone and how.get(subscription.service) == "required":
                return True
            if subscription.service in how.get("one_or_more_of", []):
                one_of.append(gone)
        return bool(one_of) and all(one_of)
