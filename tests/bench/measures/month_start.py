"""A month's start: a tenth of the bundles change, pools open for all, payers and ledgers follow."""

from collections.abc import Iterator

from django.db import connection

from billing.services import month_start
from packages_wo.models import Bundle
from tests.bench.figures import Figure
from tests.bench.sizes import Size
from tests.bench.timing import watch
from tests.bench.work import data_directory, watched_work
from tests.bench.world import OCTOBER, make_bundles

GOAL_S, BUNDLES = 60, 1_000_000


def measure(size: Size) -> Iterator[Figure | str]:
    bundles = size.of(BUNDLES, quick=10_000)
    with watch() as took:
        make_bundles(bundles=bundles)
    yield f"{bundles:,} bundles made in {took.seconds:.0f} s"
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    month = OCTOBER.next

    with watch() as took, watched_work(database_directory=data_directory()) as work:
        report = month_start.start_month(month=month, at=month.starts_at)
    yield f"{report} in {took.seconds:.1f} s; {work}"
    assert report.pools_opened == Bundle.objects.filter(state=Bundle.State.IN_FORCE).count()
    changed = 100 * report.bundles / bundles
    yield Figure(name="month_start_changing", value=changed, unit="%", at_least=10)
    whole_s = took.seconds * BUNDLES / bundles
    yield Figure(name="month_start_1m_bundles", value=whole_s, unit="s", at_most=GOAL_S)
