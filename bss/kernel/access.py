"""Who may do what: the guard of every edge.

The codes are in ``permissions``, the roles that carry them in ``roles``, what a person's roles
come to in ``grants``; whose data is decided in ``scope``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from bss.kernel.grants import bound, rights_of
from bss.kernel.models import Role
from bss.kernel.permissions import PERMISSIONS
from bss.kernel.roles import ROLES

__all__ = [
    "PERMISSIONS",
    "ROLES",
    "MissingPermissionError",
    "admit",
    "admitted_by",
    "bound",
    "can",
    "edits_nothing",
    "permissions_of",
    "requires",
    "sees_own_customers_only",
]

View = Callable[..., HttpResponse]


class MissingPermissionError(PermissionDenied):
    """403: the person's roles do not carry this permission. Its text is the permission's name."""

    def __init__(self, permission: str) -> None:
        super().__init__(PERMISSIONS[permission])
        self.permission = permission


def requires(permission: str) -> Callable[[View], View]:
    """Guard a view: the signed-in staff must have ``permission``, else 403.

    What the view then reads is in the scope of this permission. The view carries ``.permission``
    so that a test can list every page with its guard.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"{permission} is not in PERMISSIONS")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not admit(request.user, permission):
                raise MissingPermissionError(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def admit(staff: Any, permission: str) -> bool:
    """Whether the person has the permission; if so, ``scope`` goes by it from now on."""
    if not can(staff, permission):
        return False
    staff._admitted_by = permission
    return True


def admitted_by(staff: Any) -> str:
    """The permission under which this person was let in last; "" before any guard."""
    return getattr(staff, "_admitted_by", "")


def can(staff: Any, permission: str) -> bool:
    """Whether this member of staff has the permission through any role."""
    return permission in permissions_of(staff)


def permissions_of(staff: Any) -> frozenset[str]:
    """Every permission code of the staff's roles; read once per request object."""
    return rights_of(staff).permissions


def edits_nothing(staff: Any) -> bool:
    """Headquarters see all and change nothing, whatever else their roles say (S33-1)."""
    return rights_of(staff).reads_only


def sees_own_customers_only(staff: Any) -> bool:
    """An account manager without a wider role sees the customers assigned to them alone."""
    return rights_of(staff).reaches("customer.view") == {Role.Reach.ASSIGNED}
