from datetime import date

import pytest
from django.test import RequestFactory

from billing.models import ClosedMonth
from bss.desk.cards import month_run, my_customers, my_orders, work_to_do
from orders.models import Order, WorkOrder
from tests.builders.billing import a_channel
from tests.builders.customers import LONG_AGO, a_company, a_subscription
from tests.builders.packages import a_basic_pair, a_bundle, a_catalogue
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"


def asked_by(staff):
    request = RequestFactory().get("/")
    request.user = staff
    return request


def an_order(customer, staff, *, code="SO-1", state="accepted"):
    return Order.objects.create(
        code=code,
        type=Order.Type.HOLD,
        customer=customer,
        channel=a_channel(),
        accepted_by=staff,
        accepted_at=LONG_AGO,
        completed_at=LONG_AGO if state == "completed" else None,
        state=state,
    )


def test_my_orders_are_those_i_accepted_and_that_are_not_completed():
    clerk, company = a_staff("clerk"), a_company()
    mine = an_order(company, clerk)
    an_order(company, clerk, code="SO-2", state="completed")
    an_order(company, a_staff("supervisor"), code="SO-3")
    shown = my_orders(asked_by(clerk))
    assert (shown["orders"], shown["more"]) == ([mine], False)


def test_who_has_no_order_on_the_way_sees_no_card():
    assert my_orders(asked_by(a_staff("clerk"))) is None


def test_work_to_do_counts_manual_and_failed_work_orders():
    clerk, company = a_staff("clerk"), a_company()
    line, order = a_subscription(company, "fixed"), an_order(company, clerk)
    assert work_to_do(asked_by(clerk)) is None
    made = (("install", "ready", True), ("hold", "failed", False), ("resume", "ready", False))
    for position, (type_, state, manual) in enumerate(made):
        WorkOrder.objects.create(
            order=order,
            position=position,
            type=type_,
            subscription=line,
            state=state,
            manual=manual,
        )
    assert work_to_do(asked_by(clerk)) == {"ready": 1, "failed": 1}


def test_a_manager_sees_the_own_customers_counted():
    a_catalogue()
    manager = a_staff("account_manager")
    a_bundle(*a_basic_pair(a_company(account_manager_id=manager.pk)))
    a_company(name="北京他人商贸有限公司")
    assert my_customers(asked_by(manager)) == {"customers": 1, "in_force": 1, "on_the_way": 0}
    assert my_customers(asked_by(a_staff("clerk"))) is None


def test_the_month_card_says_what_is_closed():
    operator = a_staff("batch_operator")
    shown = month_run(asked_by(operator))
    assert (str(shown["month"]), shown["closed"], shown["rejects"]) == ("2026-09", False, 0)
    ClosedMonth.objects.create(month=date(2026, 9, 1), closed_at=LONG_AGO)
    assert month_run(asked_by(operator))["closed"] is True


@pytest.mark.parametrize(
    "role", ["clerk", "agent", "account_manager", "batch_operator", "supervisor"]
)
def test_every_role_has_a_home(client, role):
    client.force_login(a_staff(role))
    assert client.get("/").status_code == 200
