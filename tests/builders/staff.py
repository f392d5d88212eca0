"""People who work here, by role."""

from bss.kernel.access import ROLES
from bss.kernel.models import Role, Staff

PASSWORD = "only-for-tests-7"


def a_role(code: str, *, reach: str = "") -> Role:
    """The product's role; it reaches everything the builders make, or the assigned customers.

    How far a role truly reaches is what ``tests/security`` is about: it says so by ``reach``.
    """
    spec = ROLES[code]
    if not reach:
        reach = spec.reach if spec.reach == Role.Reach.ASSIGNED else Role.Reach.ALL
    row, _ = Role.objects.get_or_create(
        code=code,
        defaults={
            "name": spec.name,
            "permissions": list(spec.permissions),
            "reach": reach,
            "read_only": spec.read_only,
        },
    )
    return row


def a_staff(role: str = "supervisor", *, username: str | None = None) -> Staff:
    """A member of staff with one role and all its permissions."""
    row = a_role(role)
    staff = Staff.objects.create_user(
        username=username or role, password=PASSWORD, display_name=f"{row.name}甲"
    )
    staff.roles.add(row)
    return staff
