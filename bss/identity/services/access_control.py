"""The hours and places of an organisation are set whole, and the audit keeps both versions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from django.db import transaction

from bss.identity.models import AllowedNetwork, OpeningHours
from bss.kernel import audit
from bss.kernel.models import Organisation


@transaction.atomic
def set_control(
    *,
    organisation_id: int,
    hours: Mapping[int, tuple[time, time]],
    networks: Sequence[str],
    set_by_id: int,
    at: datetime,
) -> None:
    """From now on these hours and networks hold here and below; none: the parent's.

    Locks: the organisation.
    Units: ``hours`` by day of the week, 0 is Monday.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    before = _as_said(organisation)
    OpeningHours.objects.filter(organisation=organisation).delete()
    AllowedNetwork.objects.filter(organisation=organisation).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(organisation=organisation, day=day, opens=opens, closes=closes)
        for day, (opens, closes) in sorted(hours.items())
    )
    AllowedNetwork.objects.bulk_create(
        AllowedNetwork(organisation=organisation, network=network)
        for network in sorted(set(networks))
    )
    audit.record(
        action="access_control.set",
        subject=f"organisation:{organisation.pk}",
        at=at,
        staff_id=set_by_id,
        detail={"before": before, "after": _as_said(organisation)},
    )


def _as_said(organisation: Organisation) -> dict[str, list[str]]:
    hours = OpeningHours.objects.filter(organisation=organisation)
    networks = AllowedNetwork.objects.filter(organisation=organisation)
    return {
        "hours": [f"{row.day + 1} {row.opens:%H:%M}-{row.closes:%H:%M}" for row in hours],
        "networks": [row.network for row in networks],
    }
