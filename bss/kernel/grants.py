"""What a person's roles give: permissions, each with how far it reaches; read once per object."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import QuerySet

from bss.kernel.models import Role, Staff
from bss.kernel.permissions import PERMISSIONS

WIDTH: Final = tuple(Role.Reach.values)
"""From the narrowest to the widest."""

FOR_THE_WHOLE_PROVINCE: Final = frozenset(
    {"credit.run", "month.view", "month.run", "usage.load", "books.view", "books.check"}
)
"""One run is about every customer: only a role that reaches the province gives these."""

READS_TOO: Final = frozenset({"api.use"})
"""What a role that only reads keeps beside every ``.view``: the interface, to read by."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of one person."""

    permissions: frozenset[str]
    reach: str


@dataclass(frozen=True, slots=True)
class Rights:
    """All roles of one person; one role that only reads makes the whole person a reader (S33-1)."""

    grants: tuple[Grant, ...] = ()
    reads_only: bool = False

    @property
    def permissions(self) -> frozenset[str]:
        return frozenset(code for grant in self.grants for code in grant.permissions)

    def reaches(self, permission: str = "") -> frozenset[str]:
        """How far the permission reaches, by each role that gives it; "": any permission at all."""
        return frozenset(
            grant.reach
            for grant in self.grants
            if (permission in grant.permissions if permission else grant.permissions)
        )

    def bounded(self, permissions: Collection[str]) -> "Rights":
        """The same person, with no more than these permissions."""
        bounded = (
            replace(grant, permissions=grant.permissions & frozenset(permissions))
            for grant in self.grants
        )
        return replace(self, grants=tuple(bounded))


def rights_of(staff: Any) -> Rights:
    """What this person may do; nobody may do anything without being signed in."""
    if not getattr(staff, "is_authenticated", False):
        return Rights()
    known: Rights | None = getattr(staff, "_rights", None)
    if known is None:
        known = _superuser() if staff.is_superuser else _by_roles(staff)
        staff._rights = known
    return known


def bound(staff: Any, permissions: Collection[str]) -> None:
    """Let this person do no more than ``permissions`` for as long as the object lives.

    For one who acts through an interface: its own bounds, and never more than the person's.
    """
    staff._rights = rights_of(staff).bounded(permissions)


def holders_of(permission: str) -> QuerySet[Staff]:
    """Everyone in service whose roles carry it, however far they reach; by number."""
    people = Staff.objects.filter(is_active=True, roles__permissions__contains=[permission])
    found: QuerySet[Staff] = people.distinct().order_by("username")
    return found


def who_grant_roles(limit: int = 3) -> QuerySet[Staff]:
    """Whom to ask for a permission."""
    return holders_of("role.grant")[:limit]


def _superuser() -> Rights:
    return Rights(grants=(Grant(frozenset(PERMISSIONS), Role.Reach.ALL),))


def _by_roles(staff: Any) -> Rights:
    roles = list(staff.roles.values_list("permissions", "reach", "read_only"))
    reads_only = any(read_only for _, _, read_only in roles)
    return Rights(
        grants=tuple(
            Grant(frozenset(_given(codes, reach, reads_only=reads_only)), reach)
            for codes, reach, _ in roles
        ),
        reads_only=reads_only,
    )


def _given(codes: Collection[str], reach: str, *, reads_only: bool) -> set[str]:
    given = set(codes)
    if WIDTH.index(reach) < WIDTH.index(Role.Reach.PROVINCE):
        given -= FOR_THE_WHOLE_PROVINCE
    if reads_only:
        given = {code for code in given if code.endswith(".view") or code in READS_TOO}
    return given
