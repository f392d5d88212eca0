"""Asking the rules: every refusal of a bundle request at once, nothing written.

Billing's facts come as arguments (``in_arrears``); what only billing knows (CAN-9, CRD-6) is
asked by who accepts the order.
"""

from collections.abc import Collection
from datetime import datetime

from bss.kernel.errors import BadInputError
from bss.kernel.periods import Month, business_date
from bss.kernel.rulebook import Refusal
from customers.models import Customer
from packages_wo.models import Bundle, BundleChange
from packages_wo.queries.bundles import PENDING, composition_in_force
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.members import member_facts, owner_facts
from packages_wo.queries.planned import Planned, plan_change, plan_opening
from packages_wo.rules.change_limits import (
    closed_refusals,
    count_refusals,
    new_plan_refusals,
    part_refusals,
    term_refusals,
)
from packages_wo.rules.composition_check import (
    composition_refusals,
    excused_services,
    roaming_refusals,
)
from packages_wo.rules.eligibility import (
    customer_refusals,
    document_refusals,
    joining_refusals,
    whole_refusals,
)
from packages_wo.rules.member_business import BundleFacts, in_force_refusals, pending_refusals
from packages_wo.rules.member_facts import Owner
from packages_wo.rules.request_shape import (
    plan_faults,
)
from packages_wo.rules.requests import CancelBundle, ChangeBundle, OpenBundle


def check_opening(
    *, request: OpenBundle, at: datetime, in_arrears: Collection[int] = ()
) -> list[Refusal]:
    """Every rule that refuses the opening. Source: ELG-1 to ELG-9, ELG-11."""
    plan = plan_opening(request=request, at=at, in_arrears=in_arrears)
    customer = owner_facts(Customer.objects.get(pk=request.customer_id))
    return [
        *document_refusals(documents=request.documents, filed_by_manager=request.filed_by_manager),
        *customer_refusals(customer),
        *composition_refusals(
            plan.after,
            rule="ELG-8",
            services=plan.services,
            numbers=plan.numbers,
            catalogue=plan.catalogue,
        ),
        *_who_joins(plan, customer=customer, consents=request.consents),
    ]


def check_change(
    *, request: ChangeBundle, at: datetime, in_arrears: Collection[int] = ()
) -> list[Refusal]:
    """Every rule that refuses the change.

    A bundle that is not in force, or being cancelled, is EFF-3 and nothing else is looked at.
    """
    bundle = Bundle.objects.select_related("customer").get(pk=request.bundle_id)
    closed = _closed(bundle)
    if closed:
        return closed
    plan = plan_change(request=request, at=at, in_arrears=in_arrears)
    assert plan.before is not None
    customer = owner_facts(bundle.customer)
    return [
        *count_refusals(accepted_this_month=_changes_accepted(bundle.customer_id, at=at)),
        *composition_refusals(
            plan.after,
            rule="CHG-1",
            services=plan.services,
            numbers=plan.numbers,
            catalogue=plan.catalogue,
            excused=excused_services(
                opened_as=bundle.opened_as,
                scheme=plan.after.scheme,
                current=plan.before,
                services=plan.services,
            ),
        ),
        *part_refusals(
            current=plan.before,
            after=plan.after,
            remove=request.remove,
            numbers=plan.numbers,
            catalogue=plan.catalogue,
        ),
        *_who_joins(plan, customer=customer, consents=request.consents, bundle_id=bundle.pk),
    ]


def check_cancellation(*, request: CancelBundle, at: datetime) -> list[Refusal]:
    """Every rule of packages that refuses the cancellation. Source: EFF-3, CAN-4, ELG-10."""
    bundle = Bundle.objects.get(pk=request.bundle_id)
    closed = _closed(bundle)
    if closed:
        return closed
    catalogue = catalogue_on(business_date(at))
    faults = plan_faults(request.new_plans.values(), catalogue)
    if faults:
        raise BadInputError(*faults)
    composition = composition_in_force(bundle.pk)
    assert composition is not None
    members = member_facts(composition.members, on=business_date(at))
    return [
        *new_plan_refusals(
            composition, new_plans=request.new_plans, members=members, catalogue=catalogue
        ),
        *term_refusals(members.values(), breach_recorded=request.breach_recorded),
    ]


def check_single_user(
    *,
    type: str,
    subscription_id: int,
    at: datetime,
    plan: str = "",
    new_owner_id: int | None = None,
) -> list[Refusal]:
    """What its bundle has against business of one subscription.

    Source: EFF-3 while pending; CAN-5, CHG-1, ELG-3, ELG-5, ELG-6, ELG-7 while in force.
    """
    member = member_facts([subscription_id], on=business_date(at))[subscription_id]
    if member.bundle_id is None:
        return []
    if not member.in_force:
        return pending_refusals(member, type=type)
    new_owner = None
    if new_owner_id is not None:
        new_owner = owner_facts(Customer.objects.get(pk=new_owner_id))
    return in_force_refusals(
        member,
        type=type,
        bundle=_bundle_facts(member.bundle_id, at=at),
        catalogue=catalogue_on(business_date(at)),
        plan=plan,
        new_owner=new_owner,
    )


def _bundle_facts(bundle_id: int, *, at: datetime) -> BundleFacts:
    composition = composition_in_force(bundle_id)
    assert composition is not None
    customer = Customer.objects.get(bundles=bundle_id)
    return BundleFacts(
        composition=composition,
        customer=owner_facts(customer),
        members=member_facts(composition.members, on=business_date(at)),
    )


def _who_joins(
    plan: Planned,
    *,
    customer: Owner,
    consents: frozenset[int] | None,
    bundle_id: int | None = None,
) -> list[Refusal]:
    """Rules on each who joins, then those on the whole composition."""
    inside = plan.before.members if plan.before else ()
    found = []
    for member_id, part in plan.after.parts(plan.catalogue).items():
        if member_id in inside:
            continue
        found += joining_refusals(
            plan.members[member_id],
            part=part,
            main_customer=customer,
            catalogue=plan.catalogue,
            this_bundle_id=bundle_id,
            consents=consents,
        )
    return [
        *found,
        *whole_refusals(
            plan.after, members=plan.members, main_customer=customer, catalogue=plan.catalogue
        ),
        *roaming_refusals(plan.after, services=plan.services, catalogue=plan.catalogue),
    ]


def _closed(bundle: Bundle) -> list[Refusal]:
    return closed_refusals(
        in_force=bundle.state == Bundle.State.IN_FORCE,
        cancellation_accepted=BundleChange.objects.filter(
            bundle=bundle, kind=BundleChange.Kind.CANCEL, state__in=PENDING
        ).exists(),
    )


def _changes_accepted(customer_id: int, *, at: datetime) -> int:
    """Accepted changes of all the customer's bundles in the month, also withdrawn ones (CHG-4)."""
    month = Month.of(at)
    return BundleChange.objects.filter(
        bundle__customer=customer_id,
        kind=BundleChange.Kind.CHANGE,
        accepted_at__gte=month.starts_at,
        accepted_at__lt=month.ends_at,
    ).count()
