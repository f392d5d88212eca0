"""Revenue by service, branch and month is what the bills come to, to the fen (BIL-5)."""

import pytest
from django.db.models import Sum

from billing.models import Bill, RevenueShare
from billing.queries.revenue import BRANCH, MONTH, Revenue, revenue
from billing.services import usage
from billing.services.month_end import close_month
from bss.kernel.models import Organisation, Staff
from bss.kernel.periods import Month, local_moment
from customers.models import Customer
from tests.billing.views.house import a_member_of_staff, an_open_october
from tests.builders.billing import a_customer, a_line
from tests.builders.usage import OCTOBER

pytestmark = pytest.mark.django_db

NOVEMBER = Month(2026, 11)
CITY = Organisation.Level.CITY


@pytest.fixture
def staff() -> Staff:
    """Two months billed: bundles' fees that are shared out, plans, calls, an odd fen."""
    october = an_open_october()
    for number, name in ((1, "石家庄"), (2, "唐山")):
        Organisation.objects.create(code=f"C{number}", name=name, level=CITY)
    second = a_customer("北京第二商贸有限公司")
    a_line(second, "01062000077")
    _place(october.operator.owner, "C1")
    _place(second, "C2")
    _close(OCTOBER, "2026-11-03T02:00")
    _call("01062000001", "2026-11-05T09:00:00")
    _close(NOVEMBER, "2026-12-03T02:00")
    return a_member_of_staff("supervisor")


def _place(customer: Customer, code: str) -> None:
    hall = Organisation.objects.create(
        code=f"{code}H",
        name=f"{code}厅",
        level=Organisation.Level.HALL,
        parent=Organisation.objects.get(code=code),
    )
    Customer.objects.filter(pk=customer.pk).update(organisation=hall)


def _call(number: str, start_at: str) -> None:
    usage.load(
        rows=[
            {
                "record_id": start_at,
                "service_number": number,
                "call_type": "mo",
                "other_number": "01088880001",
                "start_at": start_at,
                "duration_s": 6000,
            }
        ],
        at=local_moment("2026-11-30T23:00"),
    )


def _close(month: Month, at: str) -> None:
    close_month(month=month, at=local_moment(at))


def asked(staff: Staff, first: Month, last: Month, *, by: str, level: str = CITY) -> Revenue:
    return revenue(first=first, last=last, by=by, level=level, staff=staff)


def billed(*months: Month) -> int:
    bills = Bill.objects.filter(month__in=[month.first_day for month in months])
    return bills.aggregate(total=Sum("total_fen"))["total"]


@pytest.mark.parametrize("by", [BRANCH, MONTH])
@pytest.mark.parametrize("level", ["province", "city", "hall"])
def test_the_sum_is_what_the_bills_come_to(staff: Staff, by: str, level: str) -> None:
    found = asked(staff, OCTOBER, NOVEMBER, by=by, level=level)
    assert found.total.amount_fen == billed(OCTOBER, NOVEMBER) > 0
    assert (found.billed_fen, found.difference_fen) == (found.total.amount_fen, 0)
    assert sum(row.amount_fen for row in found.rows) == found.total.amount_fen
    assert sum(row.tax_fen for row in found.rows) == found.total.tax_fen


def test_each_month_is_its_bills(staff: Staff) -> None:
    rows = {row.key: row for row in asked(staff, OCTOBER, NOVEMBER, by=MONTH).rows}
    assert {key: row.amount_fen for key, row in rows.items()} == {
        OCTOBER.first_day: billed(OCTOBER),
        NOVEMBER.first_day: billed(NOVEMBER),
    }


def test_a_bundles_fee_stands_under_the_services_that_earned_it(staff: Staff) -> None:
    found = asked(staff, OCTOBER, OCTOBER, by=MONTH).total
    shared = dict(
        RevenueShare.objects.filter(line__bill__month=OCTOBER.first_day)
        .values_list("service")
        .annotate(amount=Sum("amount_fen"))
    )
    assert set(shared) == {"fixed", "m2g", "m3g", "broadband"}
    for service, amount_fen in shared.items():
        assert found.by_service[service] >= amount_fen


def test_a_customer_stands_under_the_city_of_its_hall(staff: Staff) -> None:
    rows = asked(staff, OCTOBER, OCTOBER, by=BRANCH).rows
    names = dict(Organisation.objects.values_list("pk", "name"))
    owners = Customer.objects.filter(accounts__bills__month=OCTOBER.first_day).distinct()
    assert {names[row.key] for row in rows} <= {"石家庄", "唐山"}
    assert len(rows) == owners.count()


def test_the_tax_is_that_of_the_bills(staff: Staff) -> None:
    found = asked(staff, OCTOBER, OCTOBER, by=MONTH).total
    tax = Bill.objects.filter(month=OCTOBER.first_day).aggregate(tax=Sum("lines__tax_fen"))["tax"]
    assert (found.tax_fen, found.net_fen) == (tax, found.amount_fen - tax)


def test_who_reaches_one_branch_sees_its_revenue_alone(staff: Staff) -> None:
    here = a_member_of_staff("batch_operator")
    here.roles.update(reach="city")
    here.organisation = Organisation.objects.get(code="C2")
    here.save(update_fields=["organisation"])
    assert (
        asked(Staff.objects.get(pk=here.pk), OCTOBER, OCTOBER, by=BRANCH).total.amount_fen
        == (
            Bill.objects.filter(
                month=OCTOBER.first_day, account__owner__organisation__code="C2H"
            ).aggregate(total=Sum("total_fen", default=0))["total"]
        )
    )
