"""Carrying out the agenda of a month start: read once, decided in memory, written set-based.

Source: PAR-13 (all acts at effect), PAR-14, CAN-3, CAN-4, CHG-1.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bss.kernel.any_of import AnyOf
from bss.kernel.periods import day_start
from bss.kernel.update_rows import update_rows
from customers.models import Subscription
from customers.rules.services import BROADBAND, FIXED, M2G
from packages_wo.batch.agenda import Due, Event
from packages_wo.batch.enter_terms import close_terms, enter_terms
from packages_wo.batch.own_plans import replace_own_plans
from packages_wo.batch.sheet_rows import Line, Seat, lock_lines, read_seats
from packages_wo.models import BundleChange, Membership, SubscriptionVas
from packages_wo.queries.locked import lock_bundles
from packages_wo.queries.members import own_plans
from packages_wo.rules.allowances import Allowance, monthly_allowance
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import BASE, SHARED_TERMINAL, Composition, moves_between
from packages_wo.rules.effects import CHANGE, Effect


class EffectSheet:
    """The work of one month start; ``enter`` decides an event, ``write`` carries out all."""

    def __init__(self, events: Iterable[Event], *, on: date, catalogue: Catalogue) -> None:
        self.on = on
        self.at = day_start(on)
        self.catalogue = catalogue
        self.events = tuple(events)
        self._read()
        self._lines_changed: dict[int, Line] = {}
        self._new_plans: dict[int, str] = {}
        self._closed_terms: list[int] = []
        self._allowances: dict[int, Allowance] = {}
        self._seats_changed: dict[int, Seat] = {}
        self._back_to_own: list[int] = []
        self._opened: list[tuple[int, str]] = []
        self._closed: set[tuple[int, str]] = set()

    def enter(self, event: Event) -> Effect:
        """Decide what this event changes, and say it."""
        if event.after is None:
            joined: tuple[Seat, ...] = ()
            left = self._seats_of(event.before.members if event.before else ())
            if event.change is not None:
                self._take_new_plans(event.change)
            bundle = self._bundles[event.bundle_id]
            promised = bundle.ends_on if event.change else None
            bundle.end(on=promised or self.on)
        else:
            joined, left = self._recompose(event, event.after)
        for seat in left:
            self._leave(event, seat)
        if event.before is not None:
            self._closed_terms.append(event.bundle_id)
        shown = event.after or event.before
        return Effect(
            kind=event.kind,
            bundle_id=event.bundle_id,
            order_ref=event.change.order_ref if event.change else "",
            joined=tuple((one.subscription_id, one.part) for one in joined),
            left=tuple((one.subscription_id, one.part) for one in left),
            ended=event.after is None,
            separate_3g=shown.separate_3g if shown else False,
            main_id=shown.main if shown else None,
            at=self.at,
        )

    def write(self) -> None:
        """All rows, a statement for each kind of them; what stays as it was is not written."""
        update_rows(self._bundles.values(), ["state", "ends_on"])
        applied = [event.change.id for event in self.events if event.change]
        BundleChange.objects.filter(AnyOf("id", applied)).update(state=BundleChange.State.APPLIED)
        update_rows(
            self._seats_changed.values(),
            ["state", "position", "opened_vas", "valid_from", "valid_until"],
            of=Membership,
        )
        close_terms(bundle_ids=self._closed_terms, first_day=self.on)
        enter_terms(self._allowances, first_day=self.on)
        self._write_products()
        self._give_own_speeds()
        replace_own_plans(self._new_plans, at=self.at)
        self._write_lines()

    def _read(self) -> None:
        self._bundles = lock_bundles(
            event.bundle_id for event in self.events if event.kind != CHANGE or event.before is None
        )
        self._seats = read_seats(event.bundle_id for event in self.events)
        self._lines = lock_lines(self._seats)

    def _seats_of(self, members: Iterable[int]) -> tuple[Seat, ...]:
        return tuple(self._seats[member] for member in members)

    def _recompose(
        self, event: Event, after: Composition
    ) -> tuple[tuple[Seat, ...], tuple[Seat, ...]]:
        """The bundle as it is from now on; gives who joined and who left."""
        assert event.change is not None
        leave: tuple[int, ...] = ()
        join = after.members
        if event.before is None:
            self._bundles[event.bundle_id].take_effect()
        else:
            moves = moves_between(event.before, after)
            leave, join = moves.leave, moves.join
        self._allowances[event.change.id] = monthly_allowance(
            self.catalogue,
            offering=after.offering,
            tier=after.tier,
            packs=[pack.pack for pack in after.packs],
        )
        for place, seat in enumerate(self._seats_of(after.members)):
            if seat.position != place:
                seat.position = place
                self._seats_changed[seat.id] = seat
        joined = self._seats_of(join)
        for seat in joined:
            self._join(event.change, seat)
        self._provide(after, event.before)
        return joined, self._seats_of(leave)

    def _join(self, change: Due, seat: Seat) -> None:
        line = self._lines[seat.subscription_id]
        seat.state = Membership.State.IN_FORCE
        seat.valid_from = self.on
        seat.opened_vas = [product for who, product in change.opens_vas if who == line.id]
        self._seats_changed[seat.id] = seat
        self._opened += [(line.id, product) for product in seat.opened_vas]
        dials = seat.part == BASE and line.service in (FIXED, M2G)
        if dials or seat.part == SHARED_TERMINAL:
            self._give(line, long_distance=True)

    def _provide(self, after: Composition, before: Composition | None) -> None:
        """The broadband has the speed and the address that the bundle gives it. Source: PAR-2."""
        for member in after.base:
            line = self._lines[member]
            if line.service != BROADBAND:
                continue
            speed_kbps = after.needed_kbps(self.catalogue)
            if speed_kbps is not None:
                self._give(line, speed_kbps=speed_kbps)
            has_static_ip = after.has_static_ip(self.catalogue)
            if has_static_ip or (before and before.has_static_ip(self.catalogue)):
                self._give(line, static_ip=has_static_ip)

    def _take_new_plans(self, change: Due) -> None:
        """Source: CAN-4."""
        for member, plan in change.new_plans.items():
            if int(member) in self._seats:
                self._new_plans[int(member)] = plan

    def _leave(self, event: Event, seat: Seat) -> None:
        """Back to its own plan, its speed; what the bundle brought goes. Source: PAR-14, CAN-3."""
        line = self._lines[seat.subscription_id]
        seat.state = Membership.State.ENDED
        seat.valid_until = self.on
        self._seats_changed[seat.id] = seat
        self._closed |= {(line.id, product) for product in seat.opened_vas}
        if line.service != BROADBAND or seat.part != BASE:
            return
        self._back_to_own.append(line.id)
        if event.before and event.before.has_static_ip(self.catalogue):
            self._give(line, static_ip=False)

    def _give(self, line: Line, **becomes: Any) -> None:
        for field, value in becomes.items():
            if getattr(line, field) != value:
                setattr(line, field, value)
                self._lines_changed[line.id] = line

    def _write_products(self) -> None:
        concerned = {who for who, _ in [*self._opened, *self._closed]}
        held = {
            (row.subscription_id, row.product): row.pk
            for row in SubscriptionVas.objects.filter(
                subscription__in=concerned, valid_until__isnull=True
            )
        }
        SubscriptionVas.objects.filter(
            pk__in=[held[key] for key in self._closed if key in held]
        ).update(valid_until=self.at)
        SubscriptionVas.objects.bulk_create(
            SubscriptionVas(subscription_id=who, product=product, valid_from=self.at)
            for who, product in dict.fromkeys(self._opened)
            if (who, product) not in held
        )

    def _give_own_speeds(self) -> None:
        """A broadband that left has the speed of its own plan again."""
        if not self._back_to_own:
            return
        plans = own_plans(self._back_to_own) | self._new_plans
        for member in self._back_to_own:
            speed_kbps = self.catalogue.plans[plans[member]].speed_kbps
            self._give(self._lines[member], speed_kbps=speed_kbps)

    def _write_lines(self) -> None:
        update_rows(
            self._lines_changed.values(),
            ["speed_kbps", "static_ip", "long_distance"],
            of=Subscription,
        )
