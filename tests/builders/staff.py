"""People who work here, by role."""

from bss.kernel.access import ROLES
from bss.kernel.models import Role, Staff

PASSWORD = "only-for-tests-7"


def a_staff(role: str = "supervisor", *, username: str | None = None) -> Staff:
    """A member of staff with one role and all its permissions."""
    name, permissions = ROLES[role]
    row, _ = Role.objects.get_or_create(
        code=role, defaults={"name": name, "permissions": list(permissions)}
    )
    staff = Staff.objects.create_user(
        username=username or role, password=PASSWORD, display_name=f"{name}甲"
    )
    staff.roles.add(row)
    return staff
