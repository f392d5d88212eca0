"""Archived records beside those of the table: the same rows, for the same queries.

A query reads ``billing_record`` and, by UNION ALL, ``jsonb_populate_recordset(NULL::billing_record,
%(archived)s)``; so it need not know where a month is.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from billing.models import UsageArchive, UsageArchiveFile
from billing.queries.archive_file import rows_of
from billing.queries.erased_lines import LINE, NEEDED, erased_spans, without_erased

NOTHING = "[]"


@contextmanager
def months_in_place() -> Iterator[None]:
    """Inside, no month moves from the table to the archive or back.

    Locks: ACCESS SHARE on ``billing_record``, which only such a move waits for.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ONLY billing_record IN ACCESS SHARE MODE")
        yield


def archived_rows(
    *, first: date, last: date, subscriptions: Collection[int], columns: Sequence[str]
) -> str:
    """The archived records of these subscriptions in the months from ``first`` to ``last``.

    JSON, with ``columns`` and month and subscription. Raises: StoreFaultError.
    """
    if not subscriptions:
        return NOTHING
    files = UsageArchiveFile.objects.filter(
        archive__state=UsageArchive.State.ARCHIVED,
        archive__month__range=(first, last),
        first_subscription__lte=max(subscriptions),
        last_subscription__gte=min(subscriptions),
    ).select_related("archive")
    rows = [row for file in files for row in _rows(file, sorted(subscriptions), columns)]
    return json.dumps(rows, default=str)


def _rows(
    file: UsageArchiveFile, subscriptions: Sequence[int], columns: Sequence[str]
) -> Iterator[dict[str, object]]:
    wanted = {*columns, *NEEDED} if LINE in columns else columns
    table = rows_of(file, subscriptions=subscriptions, columns=sorted(wanted))
    if LINE in columns:
        spans = erased_spans(first=subscriptions[0], last=subscriptions[-1])
        table = without_erased(table, spans)
    for row in table.to_pylist():
        yield {**row, "month": file.archive.month}
