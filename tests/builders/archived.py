"""A month that may be archived, and one that is."""

from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from billing.models import ClosedMonth
from billing.services.usage_archive import archive_month
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month, local_moment
from tests.billing.views.house import October, a_closed_october
from tests.builders.usage import OCTOBER

ARCHIVED_AT = local_moment("2027-05-10T03:00")


@pytest.fixture
def archive(settings, tmp_path) -> Path:
    """Where the archive of this test is."""
    settings.USAGE_ARCHIVE_DIR = tmp_path / "archive"
    return settings.USAGE_ARCHIVE_DIR


def an_old_october() -> October:
    """October is billed, and so is November, on whose bills its late records stand."""
    october = a_closed_october()
    ClosedMonth.objects.create(
        month=OCTOBER.next.first_day, closed_at=local_moment("2026-12-03T02:00")
    )
    return october


def archived(month: Month = OCTOBER, *, at: datetime = ARCHIVED_AT) -> BatchRun:
    return archive_month(month=month, at=at)


def stored(month: Month = OCTOBER) -> list[tuple[object, ...]]:
    """The table's rows of the month but for the part that each is in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT file_id, line_no, line, billed_month, subscription_id, bundle_id, item, way,"
            " area, quantity, end_at, duration_s, vpn_before, vpn_minutes, draw_before,"
            " drawn_units, amount_hao, info_fee_hao, rate_id, key FROM billing_record"
            " WHERE month = %s ORDER BY 1, 2",
            [month.first_day],
        )
        return cursor.fetchall()


def parquet_files(archive: Path) -> list[Path]:
    return sorted(archive.rglob("*.parquet"))
