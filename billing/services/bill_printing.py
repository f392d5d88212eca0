"""The printing house's run: a closed month's bills as PDF files with an index of their sheets."""

import csv
import hashlib
import io
import os
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

from django.db import connection
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from billing.models import ClosedMonth
from billing.papers.bill_facts import facts_of
from billing.papers.bill_sheet import bill_sheet
from billing.queries.bills import BillView, bill_views
from billing.queries.paid_by import paid_by_ledgers
from bss.kernel.batch.steps import Report, Step, run_steps
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month
from bss.kernel.press import print_run
from packages_wo.queries.catalogue import catalogue_on

KIND = "print_bills"
BILLS_PER_FILE = 25
NOT_CLOSED = "%(month)s 还没有出帐，没有可打印的帐单。"
ELSEWHERE = "%(month)s 的帐单打印在 %(folder)s，请用同一个目录。"
INDEX_COLUMNS = ("file", "account", "bill", "first_page", "pages")


def print_bills(*, month: Month, into: Path, at: datetime) -> BatchRun:
    """Print the month's bills into ``into``, so many to a file; again, or by two, nothing twice.

    Beside each PDF stands a CSV that says which sheets are whose; ``index.csv`` holds all of them.
    What is paid after ``at`` may show on a bill that is printed later: a bill is as it stands when
    its file is made.
    Source: BIL-2. Raises: BadInputError, when the month is not closed, or is printed into another
        folder; PapersUnavailable.
    """
    if not ClosedMonth.objects.filter(month=month.first_day).exists():
        raise BadInputError(("month", Sentence(NOT_CLOSED, month=str(month))))
    folder = into.resolve()
    begun = BatchRun.objects.filter(kind=KIND, key=str(month)).first()
    if begun and begun.report["into"] != str(folder):
        facts = {"month": str(month), "folder": begun.report["into"]}
        raise BadInputError(("into", Sentence(ELSEWHERE, **facts)))
    folder.mkdir(parents=True, exist_ok=True)
    return run_steps(
        kind=KIND,
        key=str(month),
        at=at,
        steps=steps_of(begun) if begun else _steps(month, folder, at),
        facts={"into": str(folder)},
    )


def steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of a run that is under way, into the folder that it was begun with."""
    return _steps(Month.parse(run.key), Path(run.report["into"]), run.at)


def _steps(month: Month, into: Path, at: datetime) -> Sequence[Step]:
    ranges = _ranges(month, at)
    return (
        Step(name="print", do=partial(_print, month, ranges, into), shards=max(len(ranges), 1)),
        Step(name="index", do=partial(_index, month, into)),
    )


def _ranges(month: Month, at: datetime) -> Sequence[tuple[int, int]]:
    """First and last bill of each file. What was issued after ``at`` belongs to a later run."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(id), max(id) FROM (
                SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS file
                FROM billing_bill WHERE month = %s AND issued_at <= %s
            ) bill GROUP BY file ORDER BY file
            """,
            [BILLS_PER_FILE, month.first_day, at],
        )
        return cursor.fetchall()


def _print(
    month: Month,
    ranges: Sequence[tuple[int, int]],
    into: Path,
    *,
    shard: int,
    shards: int,
    at: datetime,
) -> Report:
    if not ranges:
        return {"bills": 0}
    first_id, last_id = ranges[shard]
    views = bill_views(first_id, last_id, month=month)
    paid_by = paid_by_ledgers([view.bill.pk for view in views])
    catalogue = catalogue_on(month.first_day)
    with translation.override("zh-hans"):
        printed_by = _("%(at)s 批量打印") % {"at": f"{localtime(at):%Y-%m-%d %H:%M}"}
        sheets = [
            bill_sheet(facts_of(view, catalogue=catalogue, paid_by=paid_by[view.bill.pk]))
            for view in views
        ]
    printed = print_run("bills.typ", {"bills": sheets, "printed": printed_by})
    name = f"bills-{month}-{shard + 1:05}"
    _write(into / f"{name}.csv", _rows(f"{name}.pdf", views, printed.last_pages))
    _write(into / f"{name}.pdf", printed.pdf)
    return {"bills": len(views), "digest": hashlib.sha256(printed.pdf).hexdigest()}


def _rows(file: str, views: Sequence[BillView], last_pages: Sequence[int]) -> bytes:
    """One file's rows of the index."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        (file, view.bill.account.code, view.bill.pk, before + 1, last - before)
        for view, (before, last) in zip(views, pairwise([0, *last_pages]), strict=True)
    )
    return text.getvalue().encode()


def _index(month: Month, into: Path, *, shard: int, shards: int, at: datetime) -> Report:
    parts = [part.read_bytes() for part in sorted(into.glob(f"bills-{month}-*.csv"))]
    whole = ",".join(INDEX_COLUMNS).encode() + b"\n" + b"".join(parts)
    _write(into / "index.csv", whole)
    return {"bills": sum(part.count(b"\n") for part in parts)}


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before the step says that it is done."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
