"""Points that are earned by paid bills, redeemed, and run out."""

import pytest
from django.db import DatabaseError, connection, transaction

from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.periods import Month, local_moment
from customers.batch.points import PaidBill, earn, expire
from customers.models import PointsEntry
from customers.rules.points import points_of, run_out
from customers.services.merging import merge_customers
from customers.services.points import balance_of, redeem, set_rate
from tests.builders.customers import a_company
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

NOW = local_moment("2026-10-15T04:00")
AFTER_A_YEAR = local_moment("2027-09-01T04:00")
JULY, AUGUST, SEPTEMBER = (Month.parse(f"2026-{n:02d}") for n in (7, 8, 9))


@pytest.fixture
def staff():
    return a_staff()


@pytest.fixture(autouse=True)
def rates(staff):
    """100 points for 100 yuan from August, 50 from September; they last twelve months."""
    for points, month in ((100, AUGUST), (50, SEPTEMBER)):
        set_rate(
            points_per_100_yuan=points, months_valid=12, valid_from=month.first_day,
            reason="积分办法", at=NOW, by_id=staff.pk,
        )  # fmt: skip


def bill(number, customer, month, fen):
    return PaidBill(bill_id=number, customer_id=customer.pk, month=month, paid_fen=fen)


def entries(customer):
    found = PointsEntry.objects.filter(customer=customer).order_by("number")
    return [(e.kind, e.points, e.balance) for e in found]


def use(customer, points, staff, *, reason="充电器"):
    return redeem(customer_id=customer.pk, points=points, reason=reason, at=NOW, by_id=staff.pk)


@pytest.mark.parametrize(
    ("fen", "rate", "points"), [(9999, 100, 99), (10000, 100, 100), (199, 50, 0), (-500, 100, 0)]
)
def test_points_are_whole(fen, rate, points):
    assert points_of(fen, points_per_100_yuan=rate) == points


def test_the_oldest_points_are_used_first():
    assert run_out(earned_until_now=100, used=30) == 70
    assert run_out(earned_until_now=100, used=130) == 0


def test_each_paid_bill_earns_once_at_the_rate_of_its_month():
    company = a_company()
    bills = [
        bill(1, company, JULY, 100000),
        bill(2, company, AUGUST, 12345),
        bill(3, company, SEPTEMBER, 12345),
    ]
    assert earn(bills, at=NOW) == 2
    assert earn(bills, at=NOW) == 0
    assert entries(company) == [("earned", 123, 123), ("earned", 61, 184)]


def test_points_are_redeemed_with_a_reason_up_to_the_balance(staff):
    company = a_company()
    earn([bill(1, company, AUGUST, 10000)], at=NOW)
    use(company, 30, staff)
    assert entries(company) == [("earned", 100, 100), ("redeemed", -30, 70)]
    assert AuditEntry.objects.get(action="points.redeem").detail == {"points": 30, "balance": 70}
    for points, reason in ((71, "手机"), (0, "手机"), (5, " ")):
        with pytest.raises(BadInputError):
            use(company, points, staff, reason=reason)
    assert balance_of(company.pk) == 70


def test_what_was_not_used_in_time_is_lost_and_the_younger_stays(staff):
    company = a_company()
    earn([bill(1, company, AUGUST, 10000), bill(2, company, SEPTEMBER, 10000)], at=NOW)
    use(company, 30, staff)
    assert expire(at=NOW) == 0
    assert expire(at=AFTER_A_YEAR) == 1
    assert expire(at=AFTER_A_YEAR) == 0
    assert entries(company)[-1] == ("expired", -70, 50)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE customers_pointsentry SET points = 9",
        "DELETE FROM customers_pointsentry",
        "INSERT INTO customers_pointsentry (customer_id, number, kind, points, balance, at, reason)"
        " SELECT customer_id, 2, 'earned', 5, 999, at, '' FROM customers_pointsentry",
    ],
)
def test_the_database_refuses_what_does_not_continue(sql):
    earn([bill(1, a_company(), AUGUST, 10000)], at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert PointsEntry.objects.get().balance == 100


def test_points_go_with_a_merged_customer(staff):
    survivor, double = a_company(), a_company(name="北京晨光商贸公司")
    earn([bill(1, double, AUGUST, 10000), bill(2, survivor, AUGUST, 5000)], at=NOW)
    merge_customers(
        survivor_id=survivor.pk, merged_id=double.pk, reason="同一企业", at=NOW, by_id=staff.pk,
        approval_id=1,
    )  # fmt: skip
    assert entries(double) == [("earned", 100, 100), ("merged", -100, 0)]
    assert entries(survivor) == [("earned", 50, 50), ("merged", 100, 150)]
    expire(at=AFTER_A_YEAR)
    assert balance_of(survivor.pk) == 0
