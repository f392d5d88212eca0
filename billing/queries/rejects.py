"""Rejected usage records: how many wait for each cause, and which (RAT-15)."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from billing.models import UsageReject
from billing.rules.usage_line import masked_text


def open_causes() -> list[tuple[str, str, int]]:
    """(reason, its label, open rejects), the most frequent first."""
    counts = dict(
        UsageReject.objects.filter(state=UsageReject.State.OPEN)
        .values_list("reason")
        .annotate(count=Count("pk"))
        .order_by()
    )
    labels = dict(UsageReject.Reason.choices)
    causes = [(reason, str(labels.get(reason, reason)), count) for reason, count in counts.items()]
    return sorted(causes, key=lambda cause: (-cause[2], cause[0]))


def rejects_found(asked: dict[str, Any]) -> QuerySet[UsageReject]:
    """Those that fit: reason, state, file, and text in the masked line or the record's id."""
    rejects = UsageReject.objects.select_related("file")
    for name in ("reason", "state"):
        if asked.get(name):
            rejects = rejects.filter(**{name: asked[name]})
    if asked.get("file"):
        rejects = rejects.filter(file=asked["file"])
    if text := (asked.get("q") or "").strip():
        rejects = rejects.filter(Q(line__icontains=masked_text(text)) | Q(record_id=text))
    return rejects
