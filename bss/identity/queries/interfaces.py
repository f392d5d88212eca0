"""Interface numbers as the pages and the authentication read them."""

from django.db.models import Count, QuerySet

from bss.identity.models import InterfaceNumber
from bss.kernel.grants import holders_of
from bss.kernel.models import Staff
from bss.kernel.scope import in_place

MANAGES = "interface.manage"


def lock_interface(interface_id: int) -> InterfaceNumber:
    """Locks: the interface's row."""
    found: InterfaceNumber = (
        InterfaceNumber.objects.select_for_update(of=("self",))
        .select_related("application")
        .get(pk=interface_id)
    )
    return found


def numbers_of(*, kind: str, organisation_id: int) -> list[str]:
    """The numbers that this class and location have had."""
    had = InterfaceNumber.objects.filter(kind=kind, organisation_id=organisation_id)
    return list(had.values_list("number", flat=True))


def responsible_staff(staff_id: int) -> Staff:
    """Raises: Staff.DoesNotExist."""
    return Staff.objects.get(pk=staff_id)


def interfaces() -> QuerySet[InterfaceNumber]:
    """All of them, with their place, who answers, and how many tokens they have."""
    return InterfaceNumber.objects.select_related("organisation", "responsible").annotate(
        token_count=Count("application__accesstoken")
    )


def interface_of_client(client_id: str) -> InterfaceNumber | None:
    """The interface of an OAuth client, with the person who answers for it."""
    found: InterfaceNumber | None = (
        InterfaceNumber.objects.select_related("responsible", "application")
        .filter(number=client_id)
        .first()
    )
    return found


def possible_responsible() -> QuerySet[Staff]:
    """Who can answer for an interface: everyone in service whose roles carry ``api.use``."""
    return holders_of("api.use")


def who_manages_interfaces_of(staff: Staff) -> list[Staff]:
    """Those who run interfaces and within whose reach this person works."""
    return [
        officer
        for officer in holders_of(MANAGES).exclude(pk=staff.pk).order_by("pk")
        if Staff.objects.filter(in_place(officer, permission=MANAGES), pk=staff.pk).exists()
    ]
