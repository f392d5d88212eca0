"""A re-rating against the pure rules: random months and corrections, line by line to the fen."""

from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.models import Adjustment, BillLine, ReratedLine
from billing.rules.drawing import Rated
from billing.rules.taxation import tax_in
from billing.services.month_end import close_month
from bss.kernel.units import hao_to_fen
from tests.billing.batch.usage.test_kernel import (
    RECORDS,
    PureTwin,
    as_row,
    load,
    numbered,
    rated_rows,
)
from tests.billing.views.house import CLOSED_AT
from tests.builders.tariffs import a_corrected_catalogue, a_preview, done
from tests.builders.usage import LOADED_AT, OCTOBER, an_operator

PRICES = st.sampled_from(("0.05", "0.1234", "0.15", "0.4011", "2.00"))
CORRECTIONS = st.fixed_dictionaries(
    {
        "overflow": PRICES,
        "m3g_local": PRICES,
        "m2g_local": PRICES,
        "fixed_domestic": PRICES,
        "roaming": PRICES,
        "kb": st.sampled_from(("0", "0.0002", "0.0003", "0.0010")),
        "minutes": st.sampled_from((0, 10, 240)),
    }
)
MONTHS = st.lists(RECORDS, min_size=1, max_size=40)
FEW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)


def corrected(prices):
    """The sample catalogue with these prices, from October on."""
    a_corrected_catalogue(
        tariffs={
            "m3g": {"local": {"first": prices["m3g_local"]}, "data_kb": prices["kb"]},
            "m2g_std": {
                "local": {"next": prices["m2g_local"]},
                "roaming_mo": {"first": prices["roaming"]},
            },
            "fixed_std": {"domestic": {"first": prices["fixed_domestic"]}},
        },
        bundles={"overflow_per_minute": prices["overflow"]},
        plans={"3G-96": {"minutes": prices["minutes"]}},
    )


def lines_of(rows, rated: dict[str, Rated]) -> dict[tuple[str, str], int]:
    """(number, item) → fen: the hao are summed, then rounded once (GEN-3)."""
    hao: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        if one := rated.get(row["record_id"]):
            hao[row["service_number"], one.item] += one.amount_hao
            hao[row["service_number"], "INFO_FEE"] += one.info_fee_hao
    return {line: hao_to_fen(total) for line, total in hao.items() if hao_to_fen(total)}


def usage_billed() -> dict[tuple[str, str], int]:
    lines = BillLine.objects.filter(bill__month=OCTOBER.first_day, usage_hao__isnull=False)
    return {
        (number, item): fen
        for number, item, fen in lines.values_list("subscription__number", "item", "amount_fen")
    }


class TestReratings(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.operator = an_operator()

    @FEW
    @given(records=MONTHS, prices=CORRECTIONS)
    def test_a_closed_month_is_adjusted_by_what_the_rules_say_less_what_was_billed(
        self, records, prices
    ) -> None:
        rows = numbered(records)
        load(rows, name="october", at=LOADED_AT)
        close_month(month=OCTOBER, at=CLOSED_AT)
        billed = usage_billed()
        assert billed == lines_of(rows, PureTwin(self.operator).rate(rows))
        as_billed = rated_rows()
        corrected(prices)
        fresh = lines_of(rows, PureTwin(self.operator).rate(rows))
        expected = {
            line: fresh.get(line, 0) - billed.get(line, 0)
            for line in fresh.keys() | billed.keys()
            if fresh.get(line, 0) != billed.get(line, 0)
        }

        preview = a_preview()

        shown = {
            (line.subscription.number, line.item): line.difference_fen
            for line in ReratedLine.objects.select_related("subscription")
        }
        assert shown == expected
        assert rated_rows() == as_billed
        if not expected:
            return
        done(preview)
        made = {
            (one.subscription.number, one.rerated.item): (one.amount_fen, one.tax_fen)
            for one in Adjustment.objects.select_related("subscription", "rerated")
        }
        assert made == {
            line: (fen, tax_in(fen, percent=6 if line[1] == "INFO_FEE" else 9))
            for line, fen in expected.items()
        }
        assert rated_rows() == as_billed  # a closed month is never recomputed
        assert a_preview().found["totals"]["lines"] == 0  # nothing is left to correct

    @FEW
    @given(records=MONTHS, prices=CORRECTIONS)
    def test_an_open_month_becomes_what_a_fresh_rating_gives(self, records, prices) -> None:
        rows = numbered(records)
        load(rows, name="october", at=LOADED_AT)
        before = rated_rows()
        corrected(prices)
        twin = PureTwin(self.operator).rate(rows)

        preview = a_preview(at=LOADED_AT)

        assert rated_rows() == before
        totals = preview.found["totals"]
        if totals["lines"]:
            done(preview, at=LOADED_AT)
            assert rated_rows() == {key: as_row(rated) for key, rated in twin.items()}
            assert Adjustment.objects.count() == 0
