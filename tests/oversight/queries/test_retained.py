"""Every table has a period, or a reason why it has none; each period's rows can be asked for."""

import pytest
from django.apps import apps

from bss.kernel.periods import local_moment
from bss.oversight.queries.retained import KEPT, due
from bss.oversight.rules.retention import PERIODS
from bss.oversight.rules.without_a_period import WITHOUT_A_PERIOD
from customers.models import Customer

AT = local_moment("2032-03-01T05:00")


def test_every_table_has_a_period_or_a_reason_why_not():
    there = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    with_a_period = {
        model._meta.label
        for model in (
            Customer,
            *(model for kept in KEPT.values() for model in (kept.model, *kept.parts)),
        )
    }
    reasons = [table for tables in WITHOUT_A_PERIOD.values() for table in tables]

    forgotten = sorted(there - with_a_period - set(reasons))
    assert not forgotten, (
        f"{forgotten}: give each a period (bss/oversight/rules/retention.py, queries/retained.py) "
        "or a reason (rules/without_a_period.py)"
    )
    assert sorted(set(reasons)) == sorted(reasons)
    assert sorted(set(reasons) - there) == []
    assert sorted(set(reasons) & with_a_period) == []


def test_every_period_is_of_a_kind_that_can_be_asked_for():
    assert {period.kind for period in PERIODS} == {"customers", *KEPT}


@pytest.mark.django_db
@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.kind)
def test_nothing_is_due_in_an_empty_house(period):
    assert due(period.kind, AT, AT).count() == 0
