"""What a bundle request would lead to, read with the facts that the rules need."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from packages_wo.queries.bundles import composition_in_force
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.members import member_facts
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import Composition, compose_change
from packages_wo.rules.member_facts import Member
from packages_wo.rules.request_shape import (
    compose_opening,
    pack_faults,
    subscription_faults,
    tier_faults,
)
from packages_wo.rules.requests import ChangeBundle, OpenBundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a request would lead to, with the facts it was read by."""

    before: Composition | None
    after: Composition
    members: dict[int, Member]
    catalogue: Catalogue

    @property
    def services(self) -> dict[int, str]:
        return {member_id: member.service for member_id, member in self.members.items()}

    @property
    def numbers(self) -> dict[int, str]:
        return {member_id: member.number for member_id, member in self.members.items()}


def plan_opening(*, request: OpenBundle, at: datetime, in_arrears: Collection[int] = ()) -> Planned:
    """Raises: BadInputError when the request names what is not there."""
    catalogue = catalogue_on(business_date(at))
    named = [*request.members, *(p.terminal for p in request.packs if p.terminal is not None)]
    members = member_facts(named, on=business_date(at), in_arrears=in_arrears)
    services = {member_id: member.service for member_id, member in members.items()}
    after = compose_opening(request, services=services, catalogue=catalogue)
    return Planned(before=None, after=after, members=members, catalogue=catalogue)


def plan_change(
    *, request: ChangeBundle, at: datetime, in_arrears: Collection[int] = ()
) -> Planned:
    """What the change makes of the bundle in force.

    Raises: BadInputError when the request names what is not there, or nothing is in force.
    """
    catalogue = catalogue_on(business_date(at))
    before = composition_in_force(request.bundle_id)
    if before is None:
        raise BadInputError(("bundle", "融合套餐未在生效中。"))
    packs = request.packs or ()
    named = [
        *before.members,
        *request.add,
        *request.remove,
        *(p.terminal for p in packs if p.terminal is not None),
    ]
    members = member_facts(named, on=business_date(at), in_arrears=in_arrears)
    services = {member_id: member.service for member_id, member in members.items()}
    tier = before.tier if request.tier is None else request.tier
    faults = [
        *tier_faults(before.offering, tier, catalogue),
        *pack_faults(packs, catalogue),
        *subscription_faults([*request.add, *request.remove], packs, services),
    ]
    if faults:
        raise BadInputError(*faults)
    after = compose_change(
        before,
        tier=tier,
        add=request.add,
        remove=request.remove,
        packs=request.packs,
        services=services,
        offering=catalogue.offering(before.offering),
    )
    return Planned(before=before, after=after, members=members, catalogue=catalogue)
