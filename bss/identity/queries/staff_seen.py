"""Which accounts a person who looks after accounts reaches: the branch that their role reaches."""

from typing import Any

from django.db.models import QuerySet

from bss.kernel.models import Organisation, Role, Staff

_WIDEST_FIRST = tuple(reversed(Role.Reach.values))


def visible_staff(viewer: Any) -> "QuerySet[Staff]":
    """The main accounts within this person's reach, whatever has become of them. Source: S33-1."""
    top = _branch_of(viewer)
    if top is None:
        return Staff.objects.all()
    return Staff.objects.filter(organisation__path__startswith=top)


def visible_organisations(viewer: Any) -> "QuerySet[Organisation]":
    """The branch of the tree within this person's reach. Source: S33-1."""
    top = _branch_of(viewer)
    if top is None:
        return Organisation.objects.all()
    return Organisation.objects.filter(path__startswith=top)


def _branch_of(viewer: Any) -> str | None:
    """The path above all that is reached; None: everything."""
    reaches = set(
        viewer.roles.filter(permissions__contains=["staff.view"]).values_list("reach", flat=True)
    )
    reach = next((one for one in _WIDEST_FIRST if one in reaches), Role.Reach.ASSIGNED)
    if viewer.is_superuser or reach == Role.Reach.ALL:
        return None
    place = viewer.organisation
    if place is None:
        return "-"  # belongs nowhere: reaches nobody
    above = [int(one) for one in place.path.strip("/").split("/")]
    top = Organisation.objects.filter(pk__in=above, level=reach).first()
    return str((top or place).path)
