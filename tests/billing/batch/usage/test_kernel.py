"""The kernel against the pure rules: random months, record by record."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.batch.rate_usage import Shard, rate_month
from billing.batch.usage.draw import GROUPS
from billing.batch.usage.files import lines_of_rows
from billing.batch.usage.load import load_blocks
from billing.models import ClosedMonth, UsageFile
from billing.queries.rating_terms import number_plan_of, tariff_of
from billing.queries.usage import usage_totals
from billing.rules.drawing import Rated, draw_month
from billing.rules.house import ITEMS
from billing.rules.rating import STANDARD_TARIFFS, classify
from billing.rules.rating_facts import Caller, Membership, Subscriber
from billing.rules.usage_record import UsageRecord, read_record
from billing.rules.ways import Way
from billing.services import usage
from packages_wo.models import Pool
from packages_wo.queries.catalogue import catalogue_on
from tests.builders.usage import LOADED_AT, OCTOBER, Operator, an_operator, at

BUNDLE_OF = {
    **dict.fromkeys(("f1", "m1", "s1"), ("b1", True, 60, 30)),
    **dict.fromkeys(("w1", "v1", "v2", "v3"), ("b1", False, 60, 30)),
    **dict.fromkeys(("f2", "m2"), ("b2", True, 40, None)),
}


class PureTwin:
    """The operator of the tests as the pure rules see it."""

    def __init__(self, operator: Operator) -> None:
        self.catalogue = catalogue_on(OCTOBER.first_day)
        self.plan = number_plan_of(self.catalogue)
        self.names = {s.number: name for name, s in operator.subscriptions.items()}
        self.by_name = operator.subscriptions

    def rate(self, rows: list[dict[str, object]]) -> dict[str, Rated]:
        records = [read_record(row, at=LOADED_AT) for row in rows]
        bases = [self._basis(record) for record in records if record]
        return {rated.record_id: rated for rated in draw_month(b for b in bases if b)}

    def _basis(self, record: UsageRecord):
        caller = self._caller(self.names[record.service_number])
        return classify(record, caller=caller, plan=self.plan, directory=self)

    def _caller(self, name: str) -> Caller:
        subscription = self.by_name[name]
        own = self.catalogue.plans[subscription.own_plans.get().plan]
        membership = None
        if name in BUNDLE_OF:
            bundle, shares_pool, minutes, vpn_minutes = BUNDLE_OF[name]
            membership = Membership(
                bundle=bundle,
                shares_pool=shares_pool,
                pool_minutes=minutes,
                vpn_minutes=vpn_minutes,
                vpn_3g_minutes=self.catalogue.vpn_3g_minutes,
                overflow_hao=self.catalogue.overflow_per_minute_hao,
            )
        pooled = membership is not None and membership.shares_pool
        tariff = STANDARD_TARIFFS[subscription.service] if pooled else own.tariff
        return Caller(
            subscription=name,
            service=subscription.service,
            area=subscription.area,
            tariff=tariff_of(self.catalogue.tariffs.get(tariff)),
            minutes=0 if pooled else own.minutes,
            sms=0 if pooled else own.sms,
            data_kb=0 if pooled else own.data_kb,
            membership=membership,
        )

    def subscriber(self, number: str) -> Subscriber | None:
        name = self.names.get(number)
        if name is None:
            return None
        bundle = BUNDLE_OF[name][0] if name in BUNDLE_OF else None
        return Subscriber(area=self.by_name[name].area, bundle=bundle)

    def segment_place(self, segment: str) -> str | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT place FROM billing_number_segment WHERE segment = %s", [segment])
            row = cursor.fetchone()
        return row[0] if row else None


CALLERS = (
    "01062000001", "13011112222", "18611112222", "13011113333", "13011114444", "18611114444",
    "13011115555", "01080000001", "01062000002", "13011116666", "01062000009", "13011119999",
    "18611119999",
)  # fmt: skip
OTHERS = (
    *CALLERS, "62000001", "62000009", "+861062000001", "8613011112222", "01088880001",
    "02166660001", "+862166660001", "0085212345678", "+12125550100", "110", "8008101234",
    "4008001234", "95588", "1790902166660001", "13910120000", "13162220000", "14900000000",
    "222222", "12910120000", "0",
)  # fmt: skip
# Few moments and few lengths, so that calls end together and cross the ends of the allowances.
RECORDS = st.fixed_dictionaries(
    {
        "service_number": st.sampled_from(CALLERS),
        "call_type": st.sampled_from(("mo", "mo", "mo", "mt", "cf", "sms", "data")),
        "other_number": st.sampled_from(OTHERS),
        "minute": st.integers(0, 40),
        "duration_s": st.sampled_from((0, 1, 59, 60, 61, 180, 181, 600, 1200, 3601, 80_000)),
        "visited_area": st.sampled_from(("", "", "", "", "010", "021", "00852", "0044", "00")),
        "volume_kb": st.sampled_from((0, 1, 500, 307_200)),
        "info_fee_hao": st.sampled_from((0, 0, 5000)),
    }
)


def numbered(records: list[dict[str, object]]) -> list[dict[str, object]]:
    start = at("2026-10-05T09:00")
    return [
        {
            **record,
            "record_id": f"r{position}",
            "start_at": (start + timedelta(minutes=int(record["minute"]))).isoformat(),
        }
        for position, record in enumerate(records)
    ]


def load(rows, *, name, at, is_large=False):
    lines = lines_of_rows(rows, name=name)
    file = UsageFile.objects.create(name=name, columns=lines.columns, loaded_at=at)
    load_blocks(lines.blocks(), file=file, at=at, is_large=is_large, shards=3 if is_large else 1)
    return file


def rated_rows() -> dict[str, tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(line, ',', 1), item, way, quantity, vpn_minutes,"
            " CASE WHEN way IN (5, 7, 11, 12, 13) THEN drawn_units ELSE 0 END,"
            " CASE WHEN way IN (5, 7, 11, 12, 13) THEN 0 ELSE drawn_units END,"
            " amount_hao, info_fee_hao FROM billing_record"
        )
        return {
            row[0]: (ITEMS[row[1]], tuple(Way)[row[2]].value, *row[3:]) for row in cursor.fetchall()
        }


def as_row(rated: Rated) -> tuple[object, ...]:
    return (
        rated.item,
        str(rated.basis.way),
        rated.basis.quantity,
        rated.vpn_minutes,
        rated.pool_minutes,
        rated.plan_units,
        rated.amount_hao,
        rated.info_fee_hao,
    )


class TestAgainstThePureRules(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.operator = an_operator()
        cls.twin = PureTwin(cls.operator)

    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )
    @given(
        records=st.lists(RECORDS, min_size=1, max_size=40),
        cut=st.integers(0, 40),
        large=st.booleans(),
    )
    def test_a_random_month_is_rated_as_the_pure_rules_rate_it(self, records, cut, large) -> None:
        rows = numbered(records)
        expected = {key: as_row(rated) for key, rated in self.twin.rate(rows).items()}

        # the month arrives in two loads, the later calls first
        load(rows[cut:], name="second half", at=LOADED_AT, is_large=large)
        load(rows[:cut], name="first half", at=LOADED_AT, is_large=large)

        assert rated_rows() == expected
        totals = usage_totals()
        assert totals["records"] == len(rows)
        assert totals["rated"] == len(expected)
        pool = Pool.objects.get(bundle=self.operator.bundles["b1"], month=OCTOBER.first_day)
        assert pool.used == sum(row[4] for row in rated_rows().values() if row[4]) - sum(
            row[4]
            for key, row in rated_rows().items()
            if row[4] and rows[int(key[1:])]["service_number"] in ("01062000002", "13011116666")
        )

        # rating once more, whole or in shards, changes nothing
        assert rate_month(month=OCTOBER, whole=True).changed == 0
        shards = [
            rate_month(month=OCTOBER, shard=Shard(number=n, count=3), whole=True) for n in range(3)
        ]
        assert sum(shard.records for shard in shards) == len(expected)
        assert rated_rows() == expected


@pytest.mark.django_db
def test_late_usage_draws_what_is_left_as_it_comes():
    an_operator()
    call = {"service_number": "01062000001", "call_type": "mo", "other_number": "01088880001"}
    # given 55 of 60 minutes are gone when October closes
    usage.load(
        rows=[{**call, "record_id": "a", "start_at": "2026-10-05T09:00", "duration_s": 3300}],
        at=LOADED_AT,
    )
    ClosedMonth.objects.create(month=OCTOBER.first_day, closed_at=at("2026-11-03T02:00"))

    # when two loads come late, the second with earlier calls, the earliest last
    november = at("2026-11-05T09:00")
    usage.load(
        rows=[{**call, "record_id": "b", "start_at": "2026-10-20T09:00", "duration_s": 180}],
        at=november,
    )
    usage.load(
        rows=[
            {**call, "record_id": "d", "start_at": "2026-10-02T10:00", "duration_s": 120},
            {**call, "record_id": "c", "start_at": "2026-10-02T09:00", "duration_s": 60},
        ],
        at=november,
    )

    rows = rated_rows()
    assert {key: (row[4], row[6]) for key, row in rows.items()} == {
        "a": (55, 0),
        "b": (3, 0),
        "d": (2, 0),
        "c": (0, 1500),
    }
    assert Pool.objects.get(bundle__code="b1").used == 60
    # and the closed month is never rated again
    assert rate_month(month=OCTOBER).records == 0
    assert rated_rows() == rows


@pytest.mark.django_db
def test_a_record_that_loses_its_price_goes_to_the_reject_store():
    operator = an_operator()
    usage.load(
        rows=[
            {
                "record_id": "a",
                "service_number": "13011119999",
                "call_type": "sms",
                "start_at": "2026-10-05T09:00",
            }
        ],
        at=LOADED_AT,
    )
    plan = operator.subscriptions["m9"].own_plans.get()
    plan.plan = "FIXED-STD"
    plan.save(update_fields=["plan"])

    report = rate_month(month=OCTOBER)

    assert (report.records, report.rejected) == (0, 1)
    assert usage_totals() == {"records": 1, "rated": 0, "rejected": {"no_tariff": 1}}
    plan.plan = "M2G-STD"
    plan.save(update_fields=["plan"])
    assert usage.retry_rejects(reason="no_tariff", at=LOADED_AT) == 1
    assert usage_totals() == {"records": 1, "rated": 1, "rejected": {}}


def balances() -> list[tuple[object, ...]]:
    """What was asked of each group, and where its row stands: one that is written again moves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT owner_group, asked, ctid FROM billing_drawn ORDER BY owner_group")
        return cursor.fetchall()


@pytest.mark.django_db
def test_rating_anew_writes_only_the_balances_that_change():
    operator = an_operator()
    text = {"call_type": "sms", "start_at": "2026-10-05T09:00"}
    usage.load(
        rows=[
            {**text, "record_id": "a", "service_number": "13011119999"},
            {**text, "record_id": "b", "service_number": "18611119999"},
        ],
        at=LOADED_AT,
    )
    before = balances()
    assert [asked for _, asked, _ in before] == [1, 1]

    rate_month(month=OCTOBER)
    assert balances() == before

    # when one loses its price, what it had asked for is forgotten
    plan = operator.subscriptions["m9"].own_plans.get()
    plan.plan = "FIXED-STD"
    plan.save(update_fields=["plan"])
    assert rate_month(month=OCTOBER).rejected == 1
    (left,) = balances()
    assert left in before
    assert left[0] // GROUPS != operator.subscriptions["m9"].pk
