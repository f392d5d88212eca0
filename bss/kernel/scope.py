"""Whose data a member of staff reaches: the one place that decides it for every edge.

A role reaches the customers assigned to the person, or everything under one organisation: the
widest one on the person's own line that is no wider than the reach (docs/adr).
"""

from typing import Any, Final

from django.db.models import F, Q, Subquery

from bss.kernel import access
from bss.kernel.grants import WIDTH, rights_of
from bss.kernel.models import Organisation, Role

NO_WIDER: Final[dict[str, tuple[str, ...]]] = {
    Role.Reach.HALL: (Organisation.Level.HALL,),
    Role.Reach.COUNTY: (Organisation.Level.COUNTY, Organisation.Level.HALL),
    Role.Reach.CITY: (
        Organisation.Level.CITY,
        Organisation.Level.COUNTY,
        Organisation.Level.HALL,
    ),
    Role.Reach.PROVINCE: (
        Organisation.Level.PROVINCE,
        Organisation.Level.CITY,
        Organisation.Level.COUNTY,
        Organisation.Level.HALL,
    ),
}
"""The levels at which a reach may end, the widest first."""


def in_scope(staff: Any, *, customer: str = "", permission: str = "") -> Q:
    """The rows this person reaches through their customer.

    ``customer`` is the path from the row to its customer, such as ``account__owner__``.
    ``permission`` is what the rows are read for: by default that of the guard that let the person
    in; where there was none (a job, a list of many things), any permission of theirs.
    """
    reaches = _reaches(staff, permission)
    if Role.Reach.ALL in reaches:
        return Q()
    reached = _under_the_branch(staff, reaches, f"{customer}organisation")
    if Role.Reach.ASSIGNED in reaches:
        mine = Q(**{f"{customer}account_manager": staff.pk})
        reached = mine if reached is None else mine | reached
    return _nothing(customer) if reached is None else reached


def in_place(staff: Any, *, organisation: str = "organisation", permission: str = "") -> Q:
    """The rows this person reaches through the organisation they stand under (S33-1).

    For what has no customer: channels, staff. Whoever reaches assigned customers alone has no
    place of their own and reaches nothing.
    """
    reaches = _reaches(staff, permission)
    if Role.Reach.ALL in reaches:
        return Q()
    reached = _under_the_branch(staff, reaches, organisation)
    return _nothing("") if reached is None else reached


def _reaches(staff: Any, permission: str) -> frozenset[str]:
    return rights_of(staff).reaches(permission or access.admitted_by(staff))


def _nothing(prefix: str) -> Q:
    return Q(**{f"{prefix}pk__in": ()})


def _under_the_branch(staff: Any, reaches: frozenset[str], organisation: str) -> Q | None:
    placed = [reach for reach in reaches if reach in NO_WIDER]
    if not placed:
        return None
    widest = max(placed, key=WIDTH.index)
    branch = _branch(staff, widest)
    if not branch:
        return None
    under = Organisation.objects.filter(path__startswith=branch).values("pk")
    return Q(**{f"{organisation}__in": under})


def _branch(staff: Any, reach: str) -> str:
    """The path of the widest organisation on the person's line that is no wider than the reach."""
    line = _line_of(staff)
    return next((line[level] for level in NO_WIDER[reach] if level in line), "")


def _line_of(staff: Any) -> dict[str, str]:
    """Level → path of the person's organisation and all above it; one query per object."""
    known: dict[str, str] | None = getattr(staff, "_line", None)
    if known is None:
        here = Organisation.objects.filter(pk=staff.organisation_id).values("path")
        above = Organisation.objects.alias(here=Subquery(here)).filter(here__startswith=F("path"))
        known = dict(above.order_by("-path").values_list("level", "path"))
        staff._line = known
    return known
