"""A re-rating's steps summed up: the preview that people read, and how the doing ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from billing.models import Rerating
from billing.papers.rerated_reasons import reason_of
from billing.queries import rerated
from billing.rules.house import ITEMS
from bss.kernel import audit
from bss.kernel.batch.steps import Report
from bss.kernel.errors import Sentence
from bss.kernel.models import BatchRun
from bss.kernel.notices import notify
from bss.kernel.periods import Month
from bss.kernel.sentences import stored

LOOK, DO = "rerating_look", "rerating"
"""Kinds of the batch runs."""
NOTHING: Mapping[str, int] = {"accounts": 0, "less_fen": 0, "more_fen": 0}
DONE = "资费重批 %(code)s 已办理：%(made)s 笔调帐列入下一张帐单。"
LEFT = "资费重批 %(code)s 已办理 %(made)s 笔调帐；%(left)s 笔在预览以后变了，没有办理，请重新预览。"


@transaction.atomic
def sum_up(rerating_id: int, *, shard: int, shards: int, at: datetime) -> Report:
    """Keep the preview as one report, with the fingerprint of its lines."""
    rerating = Rerating.objects.select_for_update().get(pk=rerating_id)
    reports = _reports(LOOK, rerating_id)
    by_month = rerated.months_found(rerating)
    months = [
        {**_month(month, reports), **by_month.get(month, NOTHING)}
        for month in rerated.months_of(rerating)
    ]
    rerating.found = {
        "months": months,
        "items": _items(rerating, reports),
        "totals": rerated.totals_of(rerating),
        "records": sum(month["records"] for month in months),
        "changed": sum(month["changed"] for month in months),
        "unpriced": sum(month["unpriced"] for month in months),
        "largest": [
            {
                "account": account.code,
                "fen": fen,
                "month": str(Month.of(line.month)),
                "why": stored(reason_of(line)),
            }
            for account, fen, line in rerated.largest_of(rerating)
        ],
    }
    rerating.digest = rerated.digest_of(rerating)
    rerating.state = Rerating.State.LOOKED
    rerating.save(update_fields=["found", "digest", "state"])
    return {"lines": rerating.found["totals"]["lines"], "digest": rerating.digest}


@transaction.atomic
def end(rerating_id: int, *, shard: int, shards: int, at: datetime) -> Report:
    """Note that it is done, and how many lines were left because they had changed."""
    rerating = Rerating.objects.select_for_update().get(pk=rerating_id)
    reports = _reports(DO, rerating_id)
    left = sum(report["left"] for report in reports)
    made = sum(report.get("adjustments", 0) for report in reports)
    rerating.state = Rerating.State.CHANGED if left else Rerating.State.DONE
    rerating.done_at = at
    rerating.found |= {"left": left, "adjustments": made}
    rerating.save(update_fields=["state", "done_at", "found"])
    audit.record(
        action="rerating.done",
        subject=f"rerating:{rerating.pk}",
        at=at,
        staff_id=rerating.approval.asked_by_id if rerating.approval else None,
        detail={"adjustments": made, "left": left, "lines_digest": rerating.digest},
    )
    if rerating.approval:
        notify(
            staff_id=rerating.approval.asked_by_id,
            text=Sentence(LEFT if left else DONE, code=rerating.code, made=made, left=left),
            url=reverse("billing:rerating", args=[rerating.pk]),
            at=at,
        )
    return {"adjustments": made, "left": left}


def _reports(kind: str, rerating_id: int) -> Sequence[Mapping[str, Any]]:
    run = BatchRun.objects.get(kind=kind, key=str(rerating_id))
    reports = run.steps.order_by("position", "shard").values_list("report", flat=True)
    return [report for report in reports if "month" in report]


def _month(month: Month, reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    own = [report for report in reports if report["month"] == str(month)]
    return {
        "month": str(month),
        "is_closed": any(report["is_closed"] for report in own),
        "version": rerated.version_of(month),
        **{
            name: sum(report[name] for report in own) for name in ("records", "changed", "unpriced")
        },
    }


def _items(rerating: Rerating, reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Items in the order of a bill; their sums are of all lines, also of those that stay."""
    changed = rerated.lines_by_item(rerating)
    rows = []
    for item in ITEMS:
        sums = [report["sums"][item] for report in reports if item in report["sums"]]
        if sums:
            old_fen, new_fen = (sum(column) for column in zip(*sums, strict=True))
            rows.append(
                {
                    "item": item,
                    "label": rerated.item_label(item),
                    "lines": changed.get(item, 0),
                    "old_fen": old_fen,
                    "new_fen": new_fen,
                }
            )
    return rows
