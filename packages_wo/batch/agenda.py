"""What a month start has to do with bundles, in the order in which it does it.

Source: EFF-5, CRD-4; scenarios README "Steps and time", "Credit".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bss.kernel.periods import day_start
from customers.models import Subscription
from packages_wo.models import Bundle, BundleChange, BundleTerm, Membership
from packages_wo.queries.bundles import PENDING, composition_of
from packages_wo.queries.locked import lock_bundles
from packages_wo.rules import effects
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import Composition
from packages_wo.rules.endings import ends_by_pre_termination


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One bundle's turn; ``change`` is None when it ends by pre-termination."""

    kind: str
    bundle: Bundle
    change: BundleChange | None
    before: Composition | None
    after: Composition | None


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
    bundles = lock_bundles({*is_due.values_list("bundle_id", flat=True), *lost})
    due = list(
        is_due.filter(bundle__in=bundles)
        .select_related("bundle")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    lost -= {change.bundle_id for change in due if change.kind == BundleChange.Kind.CANCEL}
    before = _compositions(bundles)

    def event(kind: str, bundle_id: int, change: BundleChange | None = None) -> Event:
        leads_on = change is not None and change.kind != BundleChange.Kind.CANCEL
        return Event(
            kind=kind,
            bundle=bundles[bundle_id],
            change=change,
            before=before.get(bundle_id),
            after=composition_of(change) if change is not None and leads_on else None,
        )

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


def _compositions(bundle_ids: Iterable[int]) -> dict[int, Composition]:
    terms = BundleTerm.objects.filter(bundle__in=list(bundle_ids), valid_until__isnull=True)
    return {
        term.bundle_id: composition_of(term.change)
        for term in terms.select_related("change__bundle")
    }
