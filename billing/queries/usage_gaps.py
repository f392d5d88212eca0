"""File numbers that a switch has left out, and the alarms of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from billing.models import UsageFile, UsageGap
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


def open_gaps() -> QuerySet[UsageGap]:
    """The alarms that nobody has answered, the oldest first."""
    return UsageGap.objects.filter(state=UsageGap.State.OPEN).order_by("found_at", "pk")


def gaps_found(asked: Mapping[str, Any]) -> QuerySet[UsageGap]:
    """Those that fit: state, switch, and text in the switch's name or a file number within."""
    gaps = UsageGap.objects.select_related("ended_by")
    for name in ("state", "switch"):
        if asked.get(name):
            gaps = gaps.filter(**{name: asked[name]})
    if text := (asked.get("q") or "").strip():
        named = Q(switch__icontains=text) | Q(reason__icontains=text)
        numbered = Q(first__lte=int(text), last__gte=int(text)) if _is_number(text) else Q()
        gaps = gaps.filter(named | numbered if numbered else named)
    return gaps


def switches() -> list[str]:
    """Every switch of which a numbered file has come."""
    named = UsageFile.objects.exclude(switch="").order_by("switch")
    return list(named.values_list("switch", flat=True).distinct())


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= 18
