"""A close rates anew whose terms have changed since their records were rated, and nobody else."""

from datetime import timedelta

import pytest
from django.db import connection

from billing.batch.rate_usage import rate_month
from billing.batch.usage import load as load_module
from billing.services import usage
from customers.models import NumberAssignment
from packages_wo.models import Pool
from tests.builders.usage import LOADED_AT, OCTOBER, Operator, an_operator, at

CALL = {"call_type": "mo", "other_number": "01088880001", "duration_s": 600}
BY_B1 = {**CALL, "record_id": "b1", "service_number": "01062000001"}
BY_B2 = {**CALL, "record_id": "b2", "service_number": "01062000002"}
ALONE = {**CALL, "record_id": "alone", "service_number": "01062000009"}
TO_OURS = {**BY_B2, "record_id": "to ours", "other_number": "13011119999"}


@pytest.fixture(autouse=True)
def every_load_is_large(monkeypatch):
    monkeypatch.setattr(load_module, "MANY", 1)


def load(*rows: dict[str, object], day: int) -> None:
    usage.load(
        rows=[{**row, "start_at": f"2026-10-{day:02}T09:00:00"} for row in rows],
        at=at(f"2026-10-{day:02}T23:00"),
    )


def where_rows_are() -> dict[str, str]:
    """By record id: a row that is written again moves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(line, ',', 1), tableoid || ' ' || ctid FROM billing_record"
        )
        return dict(cursor.fetchall())


def amounts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT split_part(line, ',', 1), amount_hao FROM billing_record")
        return dict(cursor.fetchall())


def give_b1(operator: Operator, *, minutes: int) -> None:
    Pool.objects.filter(bundle=operator.bundles["b1"]).update(minutes=minutes)


@pytest.mark.django_db
def test_a_month_whose_terms_stand_is_not_touched():
    an_operator()
    load(BY_B1, BY_B2, ALONE, TO_OURS, day=5)
    before = where_rows_are()

    assert rate_month(month=OCTOBER).records == 0
    assert where_rows_are() == before


@pytest.mark.django_db
def test_only_the_pool_whose_terms_changed_is_rated_anew():
    operator = an_operator()
    give_b1(operator, minutes=4)
    load(BY_B1, BY_B2, ALONE, day=5)
    before = where_rows_are()
    assert amounts() == {"b1": 9000, "b2": 0, "alone": 9900}

    give_b1(operator, minutes=60)
    report = rate_month(month=OCTOBER)

    assert (report.records, report.changed) == (1, 1)
    assert amounts() == {"b1": 0, "b2": 0, "alone": 9900}
    assert {key for key, where in where_rows_are().items() if where != before[key]} == {"b1"}
    # and whoever rates once more finds it done
    assert rate_month(month=OCTOBER).records == 0
    assert rate_month(month=OCTOBER, whole=True).changed == 0


@pytest.mark.django_db
def test_terms_that_changed_between_two_loads_are_those_of_the_close_for_all_records():
    operator = an_operator()
    give_b1(operator, minutes=4)
    load(BY_B1, day=5)
    give_b1(operator, minutes=60)
    load({**BY_B1, "record_id": "later"}, BY_B2, day=6)
    assert amounts() == {"b1": 9000, "later": 0, "b2": 0}

    assert rate_month(month=OCTOBER).records == 2
    assert amounts() == {"b1": 0, "later": 0, "b2": 0}

    # what changes after that is found as well
    give_b1(operator, minutes=70)
    assert rate_month(month=OCTOBER).records == 2


@pytest.mark.django_db
def test_a_pool_drawn_anew_by_a_load_is_looked_at_when_its_terms_come_back():
    operator = an_operator()
    load(BY_B1, day=6)
    give_b1(operator, minutes=70)
    load({**BY_B1, "record_id": "earlier", "service_number": "13011112222"}, day=5)
    give_b1(operator, minutes=60)

    assert rate_month(month=OCTOBER).records == 2
    assert rate_month(month=OCTOBER, whole=True).changed == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("since", "looked_at"), [("2026-10-04", 2), ("2026-10-07", 0)])
def test_a_number_that_changed_hands_before_the_records_came_has_all_looked_at(since, looked_at):
    operator = an_operator()
    load(TO_OURS, ALONE, day=5)

    number = NumberAssignment.objects.get(subscription=operator.subscriptions["m9"])
    number.valid_until = at(f"{since}T00:00") + timedelta(hours=1)
    number.save(update_fields=["valid_until"])

    assert rate_month(month=OCTOBER).records == looked_at


@pytest.mark.django_db
def test_small_loads_are_always_looked_at_again(monkeypatch):
    monkeypatch.setattr(load_module, "MANY", 5_000)
    an_operator()
    usage.load(rows=[{**BY_B1, "start_at": "2026-10-05T09:00:00"}], at=LOADED_AT)

    assert rate_month(month=OCTOBER).records == 1
    assert rate_month(month=OCTOBER).records == 0
