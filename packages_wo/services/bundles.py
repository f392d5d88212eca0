"""Bundle orders from acceptance to the day they are due; ``month_start`` applies them.

Who accepts locks the customer first (``customers.queries.locked.lock_customer``), so that two
orders of one customer are looked at one after the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bss.kernel.outbox import announce
from packages_wo.batch.releases import release
from packages_wo.models import Bundle, BundleChange, Membership
from packages_wo.queries.bundles import PENDING, composition_in_force, composition_of
from packages_wo.queries.locked import lock_bundle
from packages_wo.queries.planned import Planned, plan_change, plan_opening
from packages_wo.rules.composition import Composition, moves_between
from packages_wo.rules.effective_dates import effective_on
from packages_wo.rules.requests import CancelBundle, ChangeBundle, OpenBundle
from packages_wo.services.checks import (
    check_cancellation,
    check_change,
    check_opening,
    check_single_user,
)
from packages_wo.services.month_start import apply_due

__all__ = [
    "Accepted",
    "accept_cancellation",
    "accept_change",
    "accept_opening",
    "apply_due",
    "check_cancellation",
    "check_change",
    "check_opening",
    "check_single_user",
    "composition_in_force",
    "composition_of",
    "record_opened_vas",
    "schedule",
    "withdraw",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An accepted change, and the orders not complete that it supersedes (CHG-4)."""

    change: BundleChange
    superseded_order_refs: tuple[str, ...]


@transaction.atomic
def accept_opening(*, request: OpenBundle, order_ref: str, at: datetime) -> Bundle:
    """A pending bundle that locks its members and terminals. Source: ELG-9, EFF-1."""
    plan = plan_opening(request=request, at=at)
    bundle: Bundle = Bundle.objects.create(
        customer_id=request.customer_id,
        code=order_ref,
        offering=plan.after.offering,
        opened_as=plan.after.scheme,
        accepted_at=at,
    )
    change = _record(bundle, BundleChange.Kind.OPEN, plan.after, order_ref=order_ref, at=at)
    _lock_members(change, plan)
    announce("bundle.accepted", {"bundle_id": bundle.pk, "order_ref": order_ref}, at=at)
    return bundle


@transaction.atomic
def accept_change(*, request: ChangeBundle, order_ref: str, at: datetime) -> Accepted:
    """A change of the bundle in force; it replaces every earlier one whole. Source: CHG-4."""
    bundle = lock_bundle(request.bundle_id)
    superseded = _supersede(bundle)
    plan = plan_change(request=request, at=at)
    change = _record(bundle, BundleChange.Kind.CHANGE, plan.after, order_ref=order_ref, at=at)
    _lock_members(change, plan)
    announce("bundle.change_accepted", {"bundle_id": bundle.pk, "order_ref": order_ref}, at=at)
    return Accepted(change=change, superseded_order_refs=superseded)


@transaction.atomic
def accept_cancellation(*, request: CancelBundle, order_ref: str, at: datetime) -> Accepted:
    """The end of the bundle, with the plans its members go on with. Source: CAN-4."""
    bundle = lock_bundle(request.bundle_id)
    superseded = _supersede(bundle)
    change = BundleChange.objects.create(
        bundle=bundle,
        kind=BundleChange.Kind.CANCEL,
        order_ref=order_ref,
        accepted_at=at,
        new_plans={str(member): plan for member, plan in request.new_plans.items()},
    )
    announce(
        "bundle.cancellation_accepted", {"bundle_id": bundle.pk, "order_ref": order_ref}, at=at
    )
    return Accepted(change=change, superseded_order_refs=superseded)


@transaction.atomic
def record_opened_vas(change: BundleChange, opened: Iterable[tuple[int, str]]) -> None:
    """Keep which products the bundle opens for whom (PAR-3): those it takes away again."""
    change.opens_vas = [[subscription_id, product] for subscription_id, product in opened]
    change.save(update_fields=["opens_vas"])


@transaction.atomic
def schedule(*, order_ref: str, completed_at: datetime) -> date:
    """The order is complete: due on the 1st after. Source: EFF-1, CHG-5, CAN-8."""
    change, bundle = _lock_order(order_ref)
    due_on = effective_on(completed_at)
    if change.state != BundleChange.State.ACCEPTED:
        return change.effective_on or due_on
    change.state = BundleChange.State.SCHEDULED
    change.effective_on = due_on
    change.save(update_fields=["state", "effective_on"])
    if change.kind == BundleChange.Kind.OPEN:
        bundle.effective_on = due_on
        bundle.save(update_fields=["effective_on"])
    elif change.kind == BundleChange.Kind.CANCEL:
        bundle.ends_on = due_on
        bundle.save(update_fields=["ends_on"])
    announce(
        "bundle.scheduled",
        {"bundle_id": bundle.pk, "order_ref": order_ref, "due_on": due_on.isoformat()},
        at=completed_at,
    )
    return due_on


@transaction.atomic
def withdraw(*, order_ref: str) -> None:
    """An order that is not complete is taken back; what it superseded stays so. Source: EFF-6."""
    change, bundle = _lock_order(order_ref)
    if change.state != BundleChange.State.ACCEPTED:
        return
    release([change], state=BundleChange.State.WITHDRAWN)
    if change.kind == BundleChange.Kind.OPEN:
        bundle.cancel()
        bundle.save()


def _lock_order(order_ref: str) -> tuple[BundleChange, Bundle]:
    """The order's change and its bundle, the bundle locked first as everywhere.

    Raises: BundleChange.DoesNotExist.
    """
    found = BundleChange.objects.filter(order_ref=order_ref)
    bundle = lock_bundle(found.values_list("bundle_id", flat=True).get())
    return found.select_for_update().get(), bundle


def _record(
    bundle: Bundle, kind: str, composition: Composition, *, order_ref: str, at: datetime
) -> BundleChange:
    return BundleChange.objects.create(
        bundle=bundle,
        kind=kind,
        order_ref=order_ref,
        accepted_at=at,
        scheme=composition.scheme,
        tier=composition.tier,
        main_id=composition.main,
        separate_3g=composition.separate_3g,
        base=list(composition.base),
        packs=[{"pack": pack.pack, "terminal": pack.terminal} for pack in composition.packs],
    )


def _lock_members(change: BundleChange, plan: Planned) -> None:
    """Pending memberships of those who join: no other bundle can have them. Source: ELG-9."""
    parts = plan.after.parts(plan.catalogue)
    joining = moves_between(plan.before, plan.after).join if plan.before else plan.after.members
    places = {member: place for place, member in enumerate(plan.after.members)}
    Membership.objects.bulk_create(
        Membership(
            bundle_id=change.bundle_id,
            subscription_id=member,
            change=change,
            part=parts[member],
            position=places[member],
        )
        for member in joining
    )


def _supersede(bundle: Bundle) -> tuple[str, ...]:
    """Every earlier change that is not in force yet loses its effect; gives the orders still open.

    A complete order stays completed, one that is not ends as a withdrawn one does. Source: CHG-4.
    """
    earlier = list(
        BundleChange.objects.select_for_update()
        .filter(bundle=bundle, state__in=PENDING)
        .exclude(kind=BundleChange.Kind.OPEN)
        .order_by("pk")
    )
    still_open = tuple(
        change.order_ref for change in earlier if change.state == BundleChange.State.ACCEPTED
    )
    release(earlier, state=BundleChange.State.SUPERSEDED)
    return still_open
