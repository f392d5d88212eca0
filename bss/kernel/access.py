"""Who may do what: the guard of every edge.

The codes are in ``permissions``, the roles that carry them in ``roles``; whose data is decided
in ``scope``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from bss.kernel.permissions import PERMISSIONS
from bss.kernel.roles import ROLES

__all__ = [
    "PERMISSIONS",
    "ROLES",
    "bound",
    "can",
    "permissions_of",
    "requires",
    "sees_own_customers_only",
]

View = Callable[..., HttpResponse]


def requires(permission: str) -> Callable[[View], View]:
    """Guard a view: the signed-in staff must have ``permission``, else 403.

    The view carries ``.permission`` so that a test can list every page with its guard.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"{permission} is not in PERMISSIONS")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not can(request.user, permission):
                raise PermissionDenied(PERMISSIONS[permission])
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def can(staff: Any, permission: str) -> bool:
    """Whether this member of staff has the permission through any role."""
    return permission in permissions_of(staff)


def permissions_of(staff: Any) -> frozenset[str]:
    """Every permission code of the staff's roles; read once per request object."""
    if not getattr(staff, "is_authenticated", False):
        return frozenset()
    known: frozenset[str] | None = getattr(staff, "_permission_codes", None)
    if known is None:
        if staff.is_superuser:
            known = frozenset(PERMISSIONS)
        else:
            known = frozenset(
                code
                for codes in staff.roles.values_list("permissions", flat=True)
                for code in codes
            )
        staff._permission_codes = known
    return known


def bound(staff: Any, permissions: frozenset[str]) -> None:
    """Let this person do no more than ``permissions`` for as long as the object lives.

    For one who acts through an interface: its own bounds, and never more than the person's.
    """
    staff._permission_codes = permissions_of(staff) & permissions


def sees_own_customers_only(staff: Any) -> bool:
    """An account manager without a wider role sees the customers assigned to them alone."""
    roles = set(staff.roles.values_list("code", flat=True))
    return not staff.is_superuser and roles == {"account_manager"}
