"""The locks of this app: staff before organisations, each in the order of primary keys."""

from collections.abc import Iterable

from bss.kernel.models import Organisation, Staff


def lock_staff(staff_id: int) -> Staff:
    """Raises: Staff.DoesNotExist."""
    return Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)


def lock_organisations(organisation_ids: Iterable[int]) -> dict[int, Organisation]:
    """The organisations by id. Raises: Organisation.DoesNotExist, when one is not there."""
    wanted = set(organisation_ids)
    found = Organisation.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    rows = {organisation.pk: organisation for organisation in found.order_by("pk")}
    if missing := wanted - rows.keys():
        raise Organisation.DoesNotExist(f"{missing}")
    return rows
