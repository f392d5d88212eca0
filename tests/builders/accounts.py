"""Main accounts, the officers who run them, and the places people work in."""

from datetime import datetime
from typing import Any

from bss.identity.models import OutsideSystem
from bss.identity.services.staff_entry import Hired, hire
from bss.kernel.models import Organisation, Staff
from bss.kernel.periods import local_moment
from tests.builders.staff import a_role, a_staff

MORNING: datetime = local_moment("2026-10-15T10:00")
WHY = "人事通知 2026-060"


def two_officers() -> tuple[Staff, Staff]:
    """One who asks and one who approves."""
    return (
        a_staff("security_officer", username="security01"),
        a_staff("security_officer", username="security02"),
    )


def a_province() -> Organisation:
    """A province with a city, a county and a hall: HE, HE0311, HE-Z1, HE031101."""
    province = Organisation.objects.create(code="HE", name="河北分公司", level="province")
    city = Organisation.objects.create(
        code="HE0311", name="石家庄分公司", level="city", parent=province, area="0311"
    )
    county = Organisation.objects.create(
        code="HE-Z1", name="正定县分公司", level="county", parent=city, area="0311"
    )
    Organisation.objects.create(
        code="HE031101", name="石家庄中心营业厅", level="hall", parent=city, area="0311"
    )
    Organisation.objects.create(
        code="HE031102", name="正定营业厅", level="hall", parent=county, area="0311"
    )
    return province


def place(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def a_hired(officer: Staff, **changes: Any) -> Hired:
    """Somebody who came today to the hall of the city; without roles unless said."""
    for code in changes.get("role_codes", ()):
        a_role(code)
    given: dict[str, Any] = {
        "number": "clerk08",
        "name": "秦朗",
        "phone": "13900003108",
        "organisation_id": place("HE031101").pk,
        "role_codes": (),
        "reason": WHY,
        "by_id": officer.pk,
        "at": MORNING,
    }
    return hire(**(given | changes))


def at_work(role: str, *, number: str, where: str = "HE031101") -> Staff:
    """Somebody at work in a place with one role."""
    staff = a_staff(role, username=number)
    staff.organisation = place(where)
    staff.save(update_fields=["organisation"])
    return staff


def a_system(code: str = "RES", *, roles: tuple[str, ...] = ("clerk",)) -> OutsideSystem:
    return OutsideSystem.objects.create(code=code, name=f"外部系统{code}", role_codes=list(roles))
