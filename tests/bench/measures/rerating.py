"""A closed month re-rated after a tariff correction: previewed for all, for one customer; done."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from billing.models import Rerating
from billing.services import month_end, reratings, usage
from bss.kernel import approvals
from bss.kernel.periods import local_moment
from customers.models import Customer
from tests.bench.figures import Figure
from tests.bench.measures.month_close import CLOSED_AT, LOADED_AT
from tests.bench.sizes import Size
from tests.bench.timing import watch
from tests.bench.world import OCTOBER, make_world
from tests.bench.world.calls import write_calls
from tests.builders.staff import a_staff
from tests.builders.tariffs import a_corrected_catalogue

CORRECTED_AT = local_moment("2026-11-05T10:00")


def measure(size: Size) -> Iterator[Figure | str]:
    accounts = size.of(100_000, quick=5_000)
    make_world(accounts=accounts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "october.csv"
        records = write_calls(path)
        usage.load(path=path, at=LOADED_AT)
    month_end.close_month(month=OCTOBER, at=CLOSED_AT)
    yield f"{accounts:,} accounts with {records:,} records billed"
    a_corrected_catalogue(
        tariffs={"m2g_std": {"local": {"first": "0.30", "next": "0.30"}}},
        plans={"3G-66": {"monthly": "60.00"}},
        bundles={"overflow_per_minute": "0.10"},
    )
    with watch() as took:
        found = _preview()
    totals = found.found["totals"]
    yield f"{totals['lines']:,} lines of {totals['accounts']:,} accounts differ"
    yield Figure(name="rerate_records", value=records / took.seconds, unit="/s")
    customer = Customer.objects.order_by("pk").values_list("pk", flat=True)[accounts // 2]
    with watch() as took:
        _preview(customer_id=customer)
    yield Figure(name="rerate_one_customer", value=took.seconds * 1000, unit="ms", at_most=500)
    with watch() as took:
        _do(found)
    assert found.found["adjustments"] == totals["adjust"]
    yield Figure(name="rerate_adjustments", value=totals["adjust"] / took.seconds, unit="/s")


def _preview(**chosen: int) -> Rerating:
    rerating = reratings.begin(
        first_month=OCTOBER, last_month=OCTOBER, at=CORRECTED_AT, by_id=None, **chosen
    )
    reratings.look(rerating)
    return rerating


def _do(rerating: Rerating) -> None:
    maker, checker = a_staff("batch_operator"), a_staff("supervisor")
    asked = reratings.ask(
        rerating_id=rerating.pk, by_id=maker.pk, at=CORRECTED_AT, reason="资费配错"
    )
    approvals.decide(approval_id=asked.pk, decided_by_id=checker.pk, approve=True, at=CORRECTED_AT)
    reratings.carry_out(rerating)
    rerating.refresh_from_db()
