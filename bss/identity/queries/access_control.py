"""Which hours and networks hold for an organisation: its own, else its nearest parent's."""

from collections.abc import Sequence
from dataclasses import dataclass

from bss.identity.models import AllowedNetwork, OpeningHours
from bss.identity.rules.access_hours import AccessHours
from bss.kernel.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The hours and networks in force, and whose they are; None: nobody has said any."""

    hours: tuple[OpeningHours, ...]
    hours_of: Organisation | None
    networks: tuple[str, ...]
    networks_of: Organisation | None

    @property
    def windows(self) -> tuple[AccessHours, ...]:
        return tuple(
            AccessHours(days=frozenset({row.day}), opens=row.opens, closes=row.closes)
            for row in self.hours
        )


NOTHING = Control(hours=(), hours_of=None, networks=(), networks_of=None)


def control_of(organisation: Organisation | None) -> Control:
    """What holds for people of this organisation; three queries."""
    return controls_of([organisation])[organisation.pk] if organisation else NOTHING


def controls_of(organisations: Sequence[Organisation]) -> dict[int, Control]:
    """The same for many organisations at once; three queries."""
    lines = {one.pk: _upwards(one.path) or [one.pk] for one in organisations}
    ids = {pk for line in lines.values() for pk in line}
    known = {one.pk: one for one in Organisation.objects.filter(pk__in=ids)}
    hours: dict[int, list[OpeningHours]] = {}
    for row in OpeningHours.objects.filter(organisation__in=ids):
        hours.setdefault(row.organisation_id, []).append(row)
    networks: dict[int, list[str]] = {}
    for allowed in AllowedNetwork.objects.filter(organisation__in=ids):
        networks.setdefault(allowed.organisation_id, []).append(allowed.network)

    def control(line: list[int]) -> Control:
        whose_hours = next((pk for pk in line if pk in hours), None)
        whose_networks = next((pk for pk in line if pk in networks), None)
        return Control(
            hours=tuple(hours.get(whose_hours or 0, ())),
            hours_of=known.get(whose_hours or 0),
            networks=tuple(networks.get(whose_networks or 0, ())),
            networks_of=known.get(whose_networks or 0),
        )

    return {pk: control(line) for pk, line in lines.items()}


def _upwards(path: str) -> list[int]:
    """The ids of a path, the nearest first."""
    return [int(step) for step in reversed(path.split("/")) if step]
