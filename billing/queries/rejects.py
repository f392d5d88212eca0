"""Rejected usage records: how many wait for each cause, and which (RAT-15)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from billing.models import UsageReject
from billing.rules.usage_line import masked_text
from bss.kernel.periods import day_start

FILES_SHOWN = 20
FILTERED_BY = {"reason": "reason", "state": "state", "file": "file", "switch": "file__switch"}


def open_rejects() -> QuerySet[UsageReject]:
    return open_among(UsageReject.objects.all())


def open_among(rejects: QuerySet[UsageReject]) -> QuerySet[UsageReject]:
    """Those of them that wait for mending."""
    return rejects.filter(state=UsageReject.State.OPEN)


def open_causes() -> list[tuple[str, str, int]]:
    """(reason, its label, open rejects), the most frequent first."""
    return causes_in(open_rejects())


def causes_in(rejects: QuerySet[UsageReject]) -> list[tuple[str, str, int]]:
    """(reason, its label, how many of these), the most frequent first."""
    counts = dict(rejects.values_list("reason").annotate(count=Count("pk")).order_by())
    labels = dict(UsageReject.Reason.choices)
    causes = [(reason, str(labels.get(reason, reason)), count) for reason, count in counts.items()]
    return sorted(causes, key=lambda cause: (-cause[2], cause[0]))


def files_in(rejects: QuerySet[UsageReject]) -> list[tuple[str, int]]:
    """(file, how many of these it has), those with most first; FILES_SHOWN of them."""
    counts = rejects.values_list("file__name").annotate(count=Count("pk")).order_by("-count")
    return list(counts[:FILES_SHOWN])


def rejects_found(asked: Mapping[str, Any]) -> QuerySet[UsageReject]:
    """Those that fit: reason, state, file, its switch, the day it was loaded, and text.

    The text stands in the masked line, or is the record's id.
    """
    rejects = UsageReject.objects.select_related("file")
    for name, path in FILTERED_BY.items():
        if asked.get(name):
            rejects = rejects.filter(**{path: asked[name]})
    if day := asked.get("day"):
        begin = day_start(date.fromisoformat(str(day)))
        rejects = rejects.filter(
            file__loaded_at__gte=begin, file__loaded_at__lt=begin + timedelta(days=1)
        )
    if text := (asked.get("q") or "").strip():
        rejects = rejects.filter(Q(line__icontains=masked_text(text)) | Q(record_id=text))
    return rejects


def line_to_judge(reject: UsageReject) -> str:
    """The line as it was last put right; else as it came. Raises: KeyDestroyedError."""
    latest = next(iter(reject.corrections.all()), None)
    return latest.sealed if latest else reject.original
