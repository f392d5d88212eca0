"""Batch runs as their pages find them: how long each took, how much it did, how fast."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from billing.queries.control_room import KIND as CLOSE
from bss.kernel.models import BatchRun, BatchStep

COUNTED: Mapping[str, str] = {CLOSE: "bill", "close_later": "bill", "print_bills": "print"}
"""Kind → the step whose bills are what the run is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSum:
    """A step on all its shards."""

    name: str
    shards: int
    done: int
    failed: int
    parked: int
    attempts: int
    took: timedelta | None


def runs() -> QuerySet[BatchRun]:
    """Each with ``took``, and its steps: all, done and parked, and ``bills``."""
    step = Case(
        *(When(kind=kind, then=Value(name)) for kind, name in COUNTED.items()), default=Value("")
    )
    bills = Cast(KeyTextTransform("bills", "steps__report"), BigIntegerField())
    return BatchRun.objects.annotate(
        took=ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField()),
        steps_count=Count("steps"),
        done_count=Count("steps", filter=Q(steps__state=BatchStep.State.DONE)),
        parked_count=Count("steps", filter=Q(steps__state=BatchStep.State.PARKED)),
        counted=step,
        bills=Sum(bills, filter=Q(steps__name=F("counted"))),
    )


def runs_found(asked: Mapping[str, Any]) -> QuerySet[BatchRun]:
    """Those that fit: kind, state, month, text in the key."""
    found = runs()
    for name in ("kind", "state"):
        if asked.get(name):
            found = found.filter(**{name: asked[name]})
    if asked.get("month"):
        found = found.filter(key__startswith=asked["month"])
    if text := (asked.get("q") or "").strip():
        found = found.filter(key__icontains=text)
    return found


def step_sums(run: BatchRun) -> list[StepSum]:
    """The run's steps in order, their shards together, and so are those of one name.

    Shards take what lies between the first one's begin and the last one's end; steps of one name
    that come by turns, one for each file, what each of them took.
    """
    rows = (
        run.steps.values("name")
        .annotate(
            first=Min("position"),
            turns=Count("position", distinct=True),
            spent=Sum(
                F("finished_at") - F("started_at"), filter=Q(finished_at__gte=F("started_at"))
            ),
            shards=Count("pk"),
            done=Count("pk", filter=Q(state=BatchStep.State.DONE)),
            failed=Count("pk", filter=Q(state=BatchStep.State.FAILED)),
            parked=Count("pk", filter=Q(state=BatchStep.State.PARKED)),
            again=Sum("attempts"),
            began=Min("started_at"),
            ended=Max("finished_at"),
        )
        .order_by("first")
    )
    return [
        StepSum(
            name=row["name"],
            shards=row["shards"],
            done=row["done"],
            failed=row["failed"],
            parked=row["parked"],
            attempts=row["again"],
            took=row["spent"] if row["turns"] > 1 else _between(row["began"], row["ended"]),
        )
        for row in rows
    ]


def _between(began: datetime | None, ended: datetime | None) -> timedelta | None:
    return ended - began if began and ended else None


def finished_like(run: BatchRun, *, last: int) -> list[BatchRun]:
    """The latest finished runs of its kind, the oldest of them first."""
    found = runs().filter(kind=run.kind, state=BatchRun.State.DONE, finished_at__isnull=False)
    return list(found.order_by("-started_at", "-pk")[:last])[::-1]


def per_second(run: BatchRun) -> int | None:
    """Bills a second of a run from ``runs``; None where none were counted."""
    if run.took is None or not run.bills or run.took <= timedelta(0):  # type: ignore[attr-defined]
        return None
    return round(run.bills / run.took.total_seconds())  # type: ignore[attr-defined]


def months_of_runs() -> list[str]:
    """The months that runs are about, the latest first."""
    keys = BatchRun.objects.order_by().values_list("key", flat=True).distinct()
    return sorted({key[:7] for key in keys}, reverse=True)


def kinds_of_runs() -> list[str]:
    return sorted(set(BatchRun.objects.order_by().values_list("kind", flat=True)))
