"""The nightly grading by what billing billed."""

import pytest

from billing.models import ClosedMonth
from bss.kernel.periods import Month, local_moment
from bss.wiring.grading import grade
from customers.models import CustomerFigures
from tests.builders.billing import a_bill, a_customer, a_line, own_account
from tests.builders.classes import the_classes

pytestmark = pytest.mark.django_db

TONIGHT = local_moment("2026-10-15T04:00")


def test_the_last_three_closed_months_count_and_no_other():
    the_classes()
    line = a_line(a_customer())
    account = own_account(line)
    for month, fen in (("2026-05", 900), ("2026-06", 70), ("2026-07", 200), ("2026-08", 3000)):
        a_bill(account, month, (line, "PLAN_FEE", fen))
        ClosedMonth.objects.create(month=Month.parse(month).first_day, closed_at=TONIGHT)

    assert grade(at=TONIGHT)["customers"] == 1

    figures = CustomerFigures.objects.get()
    assert (figures.billed_fen, figures.months, figures.monthly_fen, figures.phones) == (
        3270, 3, 1090, 1,
    )  # fmt: skip


def test_a_young_house_takes_the_months_it_has():
    the_classes()
    line = a_line(a_customer())
    a_bill(own_account(line), "2026-09", (line, "PLAN_FEE", 5000))
    ClosedMonth.objects.create(month=Month.parse("2026-09").first_day, closed_at=TONIGHT)
    grade(at=TONIGHT)
    figures = CustomerFigures.objects.get()
    assert (figures.months, figures.monthly_fen) == (1, 5000)
