"""Carrying out the agenda of a month start: read once, decided in memory, written set-based.

Source: PAR-13 (all acts at effect), PAR-14, CAN-3, CAN-4, CHG-1.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from bss.kernel.periods import day_start
from bss.kernel.update_rows import update_rows
from customers.queries.locked import lock_subscriptions
from customers.rules.services import BROADBAND, FIXED, M2G
from packages_wo.batch.agenda import Event
from packages_wo.batch.own_plans import replace_own_plans
from packages_wo.models import (
    BundleChange,
    BundleTerm,
    Membership,
    SubscriptionVas,
    TermPack,
)
from packages_wo.queries.members import own_plans
from packages_wo.rules.allowances import monthly_allowance
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import BASE, SHARED_TERMINAL, Composition, moves_between
from packages_wo.rules.effects import Effect

LIVING = (Membership.State.PENDING, Membership.State.IN_FORCE)


class EffectSheet:
    """The work of one month start; ``enter`` decides an event, ``write`` carries out all."""

    def __init__(self, events: Iterable[Event], *, on: date, catalogue: Catalogue) -> None:
        self.on = on
        self.at = day_start(on)
        self.catalogue = catalogue
        self.events = tuple(events)
        self._read()
        self._changed: dict[int, dict[str, Any]] = defaultdict(dict)
        self._new_plans: dict[int, str] = {}
        self._closed_terms: list[int] = []
        self._new_terms: list[tuple[BundleTerm, Composition]] = []
        self._opened: list[tuple[int, str]] = []
        self._closed: set[tuple[int, str]] = set()

    def enter(self, event: Event) -> Effect:
        """Decide what this event changes, and say it."""
        if event.after is None:
            joined: tuple[Membership, ...] = ()
            left = self._members(event, event.before.members if event.before else ())
            if event.change is not None:
                self._take_new_plans(event.change)
            promised = event.bundle.ends_on if event.change else None
            event.bundle.end(on=promised or self.on)
        else:
            joined, left = self._recompose(event, event.after)
        for membership in left:
            self._leave(event, membership)
        if event.before is not None:
            self._closed_terms.append(event.bundle.pk)
        shown = event.after or event.before
        return Effect(
            kind=event.kind,
            bundle_id=event.bundle.pk,
            order_ref=event.change.order_ref if event.change else "",
            joined=tuple((one.subscription_id, one.part) for one in joined),
            left=tuple((one.subscription_id, one.part) for one in left),
            ended=event.after is None,
            separate_3g=shown.separate_3g if shown else False,
            main_id=shown.main if shown else None,
            at=self.at,
        )

    def write(self) -> None:
        """All rows, a statement for each kind of them."""
        update_rows([event.bundle for event in self.events], ["state", "effective_on", "ends_on"])
        applied = [event.change.pk for event in self.events if event.change]
        BundleChange.objects.filter(pk__in=applied).update(state=BundleChange.State.APPLIED)
        update_rows(
            self._memberships.values(),
            ["state", "position", "opened_vas", "valid_from", "valid_until"],
        )
        self._write_terms()
        self._write_products()
        replace_own_plans(self._new_plans, at=self.at)
        self._write_subscriptions()

    def _read(self) -> None:
        bundle_ids = [event.bundle.pk for event in self.events]
        living = Membership.objects.filter(bundle__in=bundle_ids, state__in=LIVING)
        self._memberships = {one.subscription_id: one for one in living}
        self._subscriptions = lock_subscriptions(self._memberships)
        self._own_plans = own_plans(self._memberships)

    def _members(self, event: Event, members: Iterable[int]) -> tuple[Membership, ...]:
        return tuple(self._memberships[member] for member in members)

    def _recompose(
        self, event: Event, after: Composition
    ) -> tuple[tuple[Membership, ...], tuple[Membership, ...]]:
        """The bundle as it is from now on; gives who joined and who left."""
        assert event.change is not None
        leave: tuple[int, ...] = ()
        join = after.members
        if event.before is None:
            event.bundle.take_effect()
        else:
            moves = moves_between(event.before, after)
            leave, join = moves.leave, moves.join
        self._new_terms.append((self._term(event.change, after), after))
        for place, member in enumerate(after.members):
            self._memberships[member].position = place
        joined = self._members(event, join)
        for membership in joined:
            self._join(event.change, membership)
        self._provide(after, event.before)
        return joined, self._members(event, leave)

    def _term(self, change: BundleChange, after: Composition) -> BundleTerm:
        assert after.main is not None
        allowance = monthly_allowance(
            self.catalogue,
            offering=after.offering,
            tier=after.tier,
            packs=[pack.pack for pack in after.packs],
        )
        return BundleTerm(
            bundle_id=change.bundle_id,
            change=change,
            scheme=after.scheme,
            tier=after.tier,
            main_id=after.main,
            separate_3g=after.separate_3g,
            minutes=allowance.minutes,
            vpn_minutes=allowance.vpn_minutes,
            valid_from=self.on,
        )

    def _join(self, change: BundleChange, membership: Membership) -> None:
        member = self._subscriptions[membership.subscription_id]
        membership.state = Membership.State.IN_FORCE
        membership.valid_from = self.on
        membership.opened_vas = [product for who, product in change.opens_vas if who == member.pk]
        self._opened += [(member.pk, product) for product in membership.opened_vas]
        dials = membership.part == BASE and member.service in (FIXED, M2G)
        if dials or membership.part == SHARED_TERMINAL:
            self._changed[member.pk]["long_distance"] = True

    def _provide(self, after: Composition, before: Composition | None) -> None:
        """The broadband has the speed and the address that the bundle gives it. Source: PAR-2."""
        for member in after.base:
            if self._subscriptions[member].service != BROADBAND:
                continue
            speed_kbps = after.needed_kbps(self.catalogue)
            if speed_kbps is not None:
                self._changed[member]["speed_kbps"] = speed_kbps
            has_static_ip = after.has_static_ip(self.catalogue)
            if has_static_ip or (before and before.has_static_ip(self.catalogue)):
                self._changed[member]["static_ip"] = has_static_ip

    def _take_new_plans(self, change: BundleChange) -> None:
        """Source: CAN-4."""
        for member, plan in change.new_plans.items():
            if int(member) in self._memberships:
                self._new_plans[int(member)] = plan

    def _leave(self, event: Event, membership: Membership) -> None:
        """Back to its own plan, its speed; what the bundle brought goes. Source: PAR-14, CAN-3."""
        member = self._subscriptions[membership.subscription_id]
        membership.state = Membership.State.ENDED
        membership.valid_until = self.on
        self._closed |= {(member.pk, product) for product in membership.opened_vas}
        if member.service != BROADBAND or membership.part != BASE:
            return
        plan = self._new_plans.get(member.pk) or self._own_plans[member.pk]
        self._changed[member.pk]["speed_kbps"] = self.catalogue.plans[plan].speed_kbps
        if event.before and event.before.has_static_ip(self.catalogue):
            self._changed[member.pk]["static_ip"] = False

    def _write_terms(self) -> None:
        BundleTerm.objects.filter(bundle__in=self._closed_terms, valid_until__isnull=True).update(
            valid_until=self.on
        )
        BundleTerm.objects.bulk_create(term for term, _ in self._new_terms)
        TermPack.objects.bulk_create(
            TermPack(term=term, position=place, pack=pack.pack, terminal_id=pack.terminal)
            for term, after in self._new_terms
            for place, pack in enumerate(after.packs)
        )

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

    def _write_subscriptions(self) -> None:
        changed = []
        for member, becomes in self._changed.items():
            subscription = self._subscriptions[member]
            for field, value in becomes.items():
                setattr(subscription, field, value)
            changed.append(subscription)
        update_rows(changed, ["speed_kbps", "static_ip", "long_distance"])
