"""What a month start has to do with bundles, in the order in which it does it.

Source: EFF-5, CRD-4; scenarios README "Steps and time", "Credit".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from bss.kernel.any_of import AnyOf
from bss.kernel.periods import day_start
from customers.models import Subscription
from packages_wo.models import BundleChange, BundleTerm, Membership
from packages_wo.queries.bundles import COMPOSED, PENDING, composition, compositions_in_force
from packages_wo.queries.locked import hold_bundles
from packages_wo.rules import effects
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import Composition
from packages_wo.rules.endings import ends_by_pre_termination


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A change whose 1st has come, as far as its effect asks."""

    id: int
    kind: str
    bundle_id: int
    order_ref: str
    opens_vas: Sequence[tuple[int, str]]
    new_plans: Mapping[str, str]
    after: Composition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One bundle's turn; ``change`` is None when it ends by pre-termination."""

    kind: str
    bundle_id: int
    change: Due | None
    before: Composition | None

    @property
    def after(self) -> Composition | None:
        return self.change.after if self.change else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The events in order, and the changes that lapse with a bundle that ends (CRD-4)."""

    events: tuple[Event, ...]
    lapsed: tuple[BundleChange, ...]


def read_agenda(*, on: date, catalogue: Catalogue) -> Agenda:
    """Everything due on or before the 1st: endings and changes as ordered, then openings.

    A bundle that lost a member it must have ends after those, unless its cancellation is due.
    Locks: the bundles, then their due changes.
    """
    is_due = BundleChange.objects.filter(state=BundleChange.State.SCHEDULED, effective_on__lte=on)
    lost = _bundles_that_lost(on=on, catalogue=catalogue)
    bundle_ids = hold_bundles({*is_due.values_list("bundle_id", flat=True), *lost})
    due = _lock_due(is_due.filter(AnyOf("bundle", bundle_ids)))
    lost -= {change.bundle_id for change in due if change.kind == BundleChange.Kind.CANCEL}
    before = compositions_in_force(bundle_ids)

    def event(kind: str, bundle_id: int, change: Due | None = None) -> Event:
        return Event(kind=kind, bundle_id=bundle_id, change=change, before=before.get(bundle_id))

    turns = [change for change in due if change.kind != BundleChange.Kind.OPEN]
    return Agenda(
        events=(
            *(event(c.kind, c.bundle_id, c) for c in turns if c.bundle_id not in lost),
            *(event(effects.PRE_TERMINATED_END, bundle_id) for bundle_id in sorted(lost)),
            *(event(c.kind, c.bundle_id, c) for c in due if c.kind == BundleChange.Kind.OPEN),
        ),
        lapsed=tuple(
            BundleChange.objects.select_for_update()
            .filter(bundle__in=lost, state__in=PENDING)
            .order_by("pk")
        ),
    )


def _lock_due(due: QuerySet[BundleChange]) -> list[Due]:
    """The changes, locked; their bundles, whose offering is read too, are held already."""
    rows = (
        due.select_for_update()
        .order_by("pk")
        .values_list(
            "pk", "kind", "bundle_id", "order_ref", "opens_vas", "new_plans",
            "bundle__offering", *COMPOSED,
        )
    )  # fmt: skip
    return [
        Due(
            id=pk,
            kind=kind,
            bundle_id=bundle_id,
            order_ref=order_ref,
            opens_vas=opens_vas,
            new_plans=new_plans,
            after=None if kind == BundleChange.Kind.CANCEL else composition(*composed),
        )
        for pk, kind, bundle_id, order_ref, opens_vas, new_plans, *composed in rows
    ]


def _bundles_that_lost(*, on: date, catalogue: Catalogue) -> set[int]:
    """Bundles in force before this 1st that had lost a required base member when it began.

    Source: CRD-4.
    """
    gone = Membership.objects.filter(
        state=Membership.State.IN_FORCE,
        part=Membership.Part.BASE,
        valid_from__lt=on,
        subscription__pre_terminated_at__lte=day_start(on),
    )
    lost = dict.fromkeys(gone.values_list("bundle_id", flat=True))
    if not lost:
        return set()
    base: dict[int, dict[int, str]] = {}
    missing: dict[int, set[int]] = {}
    rows = Membership.objects.filter(
        bundle__in=lost, state=Membership.State.IN_FORCE, part=Membership.Part.BASE
    ).select_related("subscription")
    for row in rows:
        base.setdefault(row.bundle_id, {})[row.subscription_id] = row.subscription.service
        if _is_gone(row.subscription, on=on):
            missing.setdefault(row.bundle_id, set()).add(row.subscription_id)
    terms = BundleTerm.objects.filter(bundle__in=lost, valid_until__isnull=True)
    return {
        term.bundle_id
        for term in terms.select_related("bundle")
        if ends_by_pre_termination(
            catalogue.offering(term.bundle.offering).needs(term.scheme),
            base=base[term.bundle_id],
            lost=missing[term.bundle_id],
        )
    }


def _is_gone(subscription: Subscription, *, on: date) -> bool:
    gone_at = subscription.pre_terminated_at
    return gone_at is not None and gone_at <= day_start(on)
