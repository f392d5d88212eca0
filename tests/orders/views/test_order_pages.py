"""Orders and work orders: lists, board, pages, completing, appointing, withdrawing."""

import pytest
from django.utils.timezone import localtime

from orders.models import Order, WorkOrder
from tests.builders.orders import (
    a_company,
    a_new,
    a_number,
    a_subscription,
    accepted,
    an_opening,
    complete,
    names_of,
)
from tests.builders.staff import a_staff
from tests.orders.views.people import a_member_of_staff, managed_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-09-15T15:00"


@pytest.fixture
def page(client):
    client.force_login(a_member_of_staff())
    return client


def an_order(name="北京晨光商贸有限公司"):
    """Basic A with a new line and a mobile that is there."""
    company = a_company(name=name)
    line = a_new("line", "fixed", number=a_number("fixed"))
    opening = an_opening(company, line.key, a_subscription(company, "m2g"), new=(line,))
    return accepted(opening)


def test_the_list_has_the_newest_first_and_is_filtered_by_the_address(page):
    first, second = an_order(), an_order("北京远山贸易有限公司")
    complete(second)
    found = page.get("/orders/")
    assert [order.code for order, _name in found.context["rows"]] == [second.code, first.code]
    for query, codes in (
        ("state=under_way", [first.code]),
        ("state=completed", [second.code]),
        ("q=远山", [second.code]),
        ("type=hold", []),
        ("since=2026-09-11", []),
    ):
        rows = page.get(f"/orders/?{query}").context["rows"]
        assert [order.code for order, _name in rows] == codes, query


def test_the_list_is_exported(page):
    order = an_order()
    page.force_login(a_staff("supervisor", username="exporter"))
    text = page.get("/orders/?export=csv").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "订单,客户,业务,状态,受理时间,竣工时间,渠道,受理人"
    assert f"{order.code},北京晨光商贸有限公司,开通融合套餐,已受理,2026-09-10 12:00:00" in text


def test_an_order_shows_its_life_its_graph_and_its_papers(page):
    order = an_order()
    text = page.get(f"/orders/{order.code}").content.decode()
    assert "0 / 11 张工单" in text
    assert "沃·商务基础版 A · 106 元档" in text
    assert f"/orders/{order.code}/acceptance.pdf" in text
    assert f"/orders/{order.code}/agreement.pdf" in text
    assert text.count("#PAR-5") >= 2


def test_all_work_orders_are_completed_at_once(page):
    order = an_order()
    page.post(f"/orders/{order.code}/complete", {"all": "1"})
    order = Order.objects.get()
    assert order.state == "completed"
    assert set(order.work_orders.values_list("done_by__username", flat=True)) == {"clerk"}
    text = page.get(f"/orders/{order.code}").content.decode()
    assert "2026-10-01" in text
    assert "确认撤单" not in text


def test_a_work_order_out_of_turn_is_refused_with_its_rule(page):
    order = an_order()
    install = order.work_orders.get(type="install")
    refused = page.post(f"/orders/{order.code}/complete", {"work_order": [install.pk]})
    assert refused.status_code == 422
    assert [one.rule for one in refused.context["refusals"]] == ["PAR-11"]
    refused = page.post(f"/orders/work-orders/{install.pk}/complete")
    assert refused.status_code == 422
    assert "前序工单尚未完成" in refused.content.decode()


def test_ticked_work_orders_are_completed(page):
    order = an_order()
    reserve = order.work_orders.get(type="reserve_resource")
    page.post(f"/orders/{order.code}/complete", {"work_order": [reserve.pk]})
    assert WorkOrder.objects.get(pk=reserve.pk).state == "done"
    assert order.work_orders.get(type="install").state == "ready"
    asked = page.post(f"/orders/{order.code}/complete", {}, follow=True)
    assert "请勾选要完成的工单。" in asked.content.decode()


def test_an_order_is_withdrawn_and_says_why_it_ended(page):
    order = an_order()
    page.post(f"/orders/{order.code}/withdraw")
    order = Order.objects.get()
    assert (order.state, order.cancelled_by_rule) == ("cancelled", "EFF-6")
    assert "订单已撤单" in page.get(f"/orders/{order.code}").content.decode()
    refused = page.post(f"/orders/{order.code}/withdraw")
    assert refused.status_code == 422


def test_the_work_orders_to_do_are_listed_and_filtered(page):
    order = an_order()

    def shown(query):
        rows = page.get(f"/orders/work-orders/?{query}").context["rows"]
        return [one.type for one, _name in rows]

    every = list(order.work_orders.order_by("-position").values_list("type", flat=True))
    assert sorted(shown("")) == sorted(every)
    assert shown("manual=yes") == ["install"]
    assert shown("type=reserve_resource") == ["reserve_resource"]
    assert shown("state=done") == []
    assert shown("area=021") == []
    complete(order, "reserve_resource")
    assert shown("state=done") == ["reserve_resource"]


def test_the_board_has_a_column_for_each_state(page):
    complete(an_order(), "reserve_resource")
    columns = page.get("/orders/work-orders/?view=board").context["columns"]
    assert {column["state"]: column["count"] for column in columns} == {
        "waiting": 4,
        "ready": 6,
        "failed": 0,
        "done": 1,
    }


def test_an_appointment_is_a_day_and_a_window(page):
    order = an_order()
    install = order.work_orders.get(type="install")
    text = page.get(f"/orders/work-orders/{install.pk}").content.decode()
    assert 'name="window"' in text
    posted = {"day": "2026-09-16", "window": "afternoon"}
    page.post(f"/orders/work-orders/{install.pk}/appoint", posted)
    install = WorkOrder.objects.get(pk=install.pk)
    begins, ends = localtime(install.appointment_from), localtime(install.appointment_until)
    assert f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M}" == "2026-09-16 13:00–17:00"
    wrong = page.post(f"/orders/work-orders/{install.pk}/appoint", {"window": "afternoon"})
    assert wrong.status_code == 422
    reserve = order.work_orders.get(type="reserve_resource")
    refused = page.post(f"/orders/work-orders/{reserve.pk}/appoint", posted)
    assert "平台自动执行的工单没有预约时间" in refused.content.decode()


def test_a_work_order_that_did_not_fail_is_not_tried_again(page):
    reserve = an_order().work_orders.get(type="reserve_resource")
    refused = page.post(f"/orders/work-orders/{reserve.pk}/retry")
    assert refused.status_code == 422
    assert "工单没有失败" in refused.content.decode()


def test_a_manager_reaches_own_customers_orders_alone(client):
    manager = a_member_of_staff("manager", "account_manager")
    client.force_login(manager)
    order = an_order()
    one = order.work_orders.first()
    addresses = [
        f"/orders/{order.code}",
        f"/orders/{order.code}/acceptance.pdf",
        f"/orders/work-orders/{one.pk}",
    ]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert client.get("/orders/").context["rows"] == []
    managed_by(order.customer, manager)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]


def test_who_may_look_may_not_complete_or_withdraw(client):
    client.force_login(a_member_of_staff("agent", "agent"))
    order = an_order()
    text = client.get(f"/orders/{order.code}").content.decode()
    assert "全部完成" not in text
    assert "确认撤单" not in text
    assert client.post(f"/orders/{order.code}/complete", {"all": "1"}).status_code == 403
    assert client.post(f"/orders/{order.code}/withdraw").status_code == 403
    client.force_login(a_member_of_staff("batch", "batch_operator"))
    assert client.get("/orders/").status_code == 403


def test_the_names_of_work_orders_are_in_the_graph(page):
    order = an_order()
    graph = page.get(f"/orders/{order.code}").context["graph"]
    assert len(graph) == len(names_of(order))
    assert {item["label"] for item in graph} >= {"资源预占", "装机开户", "合帐"}
