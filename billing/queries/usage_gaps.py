"""File numbers that a switch has left out: a file that is lost is money that is lost."""

from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg

from billing.models import UsageFile
from billing.rules.usage_manifest import missing_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Files ``first`` to ``last`` of the switch have not come, though later ones have."""

    switch: str
    first: int
    last: int

    def __str__(self) -> str:
        files = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.switch} {files}"


def missing_files() -> list[Gap]:
    """The gaps of every switch."""
    switches = (
        UsageFile.objects.exclude(switch="")
        .values("switch")
        .annotate(numbers=ArrayAgg("sequence"))
        .order_by("switch")
    )
    return [
        Gap(switch=row["switch"], first=first, last=last)
        for row in switches
        for first, last in missing_numbers(row["numbers"])
    ]
