"""A month of usage moves into files and back: how fast, how small, and how soon a page reads it."""

import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection

from billing.batch.archive.ids import archived_ids
from billing.models import ClosedMonth, UsageArchiveFile
from billing.queries.archive_file import rows_of
from billing.queries.usage import SHOWN
from billing.services import usage
from billing.services.usage_archive import archive_month
from billing.services.usage_restoring import restore_month
from bss.kernel.periods import local_moment
from tests.bench.figures import Figure
from tests.bench.sizes import Size
from tests.bench.timing import watch
from tests.bench.work import data_directory, watched_work
from tests.bench.world import OCTOBER, make_world
from tests.bench.world.usage import write_usage

LOADED_AT = local_moment("2026-10-31T23:59")
ARCHIVED_AT = local_moment("2027-05-10T03:00")
PAGES = 20
FALSE_ALARMS = 1_400
"""So many of a million new ids a filter lets pass."""
TABLE_BYTES = """
SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c
WHERE c.relkind = 'r' AND c.relname ~ '^billing_record_2026_10'
"""


def measure(size: Size) -> Iterator[Figure | str]:
    records = size.of(2_000_000, quick=200_000)
    make_world(accounts=size.of(50_000, quick=10_000))
    with tempfile.TemporaryDirectory() as folder:
        settings.USAGE_ARCHIVE_DIR = Path(folder) / "archive"
        path = Path(folder) / "usage.csv"
        write_usage(path, month=OCTOBER, records=records)
        rated = usage.load(path=path, at=LOADED_AT).rated
        for month in (OCTOBER, OCTOBER.next):
            ClosedMonth.objects.create(month=month.first_day, closed_at=LOADED_AT)
        with connection.cursor() as cursor:
            cursor.execute(TABLE_BYTES)
            table_bytes = int(cursor.fetchone()[0])
        rate = yield from _timed("archived", rated, _archive)
        yield Figure(name="usage_archived", value=rate, unit="/s")
        archived_bytes = sum(UsageArchiveFile.objects.values_list("size_bytes", flat=True))
        yield Figure(name="usage_table_bytes", value=table_bytes / rated, unit=" B/record")
        yield Figure(name="usage_archive_bytes", value=archived_bytes / rated, unit=" B/record")
        yield from _pages()
        yield from _ids(rated)
        rate = yield from _timed("restored", rated, _restore)
        yield Figure(name="usage_restored", value=rate, unit="/s")


def _archive() -> None:
    archive_month(month=OCTOBER, at=ARCHIVED_AT)


def _restore() -> None:
    restore_month(month=OCTOBER, at=ARCHIVED_AT)


def _timed(what: str, records: int, work: Callable[[], object]) -> Generator[str, None, float]:
    """Gives records a second."""
    with watch() as took, watched_work(database_directory=data_directory()) as cpu:
        work()
    yield f"{records:,} records {what} in {took.seconds:.1f} s; {cpu}"
    return records / took.seconds


def _pages() -> Iterator[Figure]:
    """One subscription's month, as a bill's page asks for it."""
    file = UsageArchiveFile.objects.select_related("archive").order_by("number")[0]
    first, last = file.first_subscription, file.last_subscription
    chosen = np.linspace(first, last, PAGES).astype(np.int64).tolist()
    with watch() as took:
        for subscription in chosen:
            rows_of(file, subscriptions=[subscription], columns=SHOWN)
    yield Figure(name="usage_archive_page", value=took.seconds / PAGES * 1000, unit=" ms")


def _ids(records: int) -> Iterator[Figure]:
    """What a million new ids cost against the month's files: as many keys as a filter lets pass."""
    keys = np.random.default_rng(3).integers(-(2**63), 2**63 - 1, FALSE_ALARMS)
    with watch() as took:
        archived_ids({OCTOBER.first_day: keys}, ids_in=lambda file_id, lines: [])
    yield Figure(name="usage_archive_ids", value=records / took.seconds, unit="/s")
