"""The days of the gateways: taken from a file or fetched, and settled line by line."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client

from billing.models import Account, Payment, Reconciliation, ReconciliationLine
from bss.kernel import approvals, clock
from bss.kernel.models import Approval
from bss.kernel.periods import business_date
from tests.billing.views.house import a_member_of_staff
from tests.builders.billing import a_customer, a_line, moment, own_account
from tests.builders.gateways import Customers, a_gateway_day, a_statement, an_order

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")


@pytest.fixture
def account() -> Account:
    return own_account(a_line(a_customer()))


@pytest.fixture
def line(account) -> ReconciliationLine:
    """What Alipay took and nobody told us."""
    return a_gateway_day(account, 1, at=AT)


def lately() -> date:
    """A day that is over by the gateway's clock."""
    return business_date(clock.real_now()) - timedelta(days=3)


def line_address(line: ReconciliationLine, act: str = "") -> str:
    return f"/billing/reconciliations/lines/{line.pk}" + (f"/{act}" if act else "")


def day_form(text: str, day, **more):
    file = BytesIO(text.encode())
    file.name = "alipay.csv"
    return {"gateway": "alipay", "day": day.isoformat(), "file": file, **more}


def test_a_file_is_taken_and_its_day_shown(page, account):
    day = lately()
    text = a_statement(day, ("T1", "WO-NOBODY", "12.00"))
    shown = page.post("/billing/reconciliations/new", day_form(text, day), follow=True)
    assert "WO-NOBODY" in shown.text
    assert "仅网关有" in shown.text
    days = page.get("/billing/reconciliations/?state=clear").text
    assert day.isoformat() in days


def test_the_same_file_and_half_a_file_are_refused_with_one_sentence(page, account):
    day = lately()
    text = a_statement(day, ("T1", "WO1", "12.00"))
    half = page.post("/billing/reconciliations/new", day_form(text.partition("#交易")[0], day))
    assert half.status_code == 422
    assert "对帐单不完整" in half.text
    page.post("/billing/reconciliations/new", day_form(text, day))
    again = page.post("/billing/reconciliations/new", day_form(text, day))
    assert again.status_code == 422
    assert "没有重复处理" in again.text
    assert Reconciliation.objects.count() == 1


def test_a_statement_is_fetched_where_no_file_is_chosen(page, account, customers: Customers):
    today = business_date(clock.real_now())
    form = {"gateway": "wechat", "day": (today - timedelta(days=1)).isoformat()}
    assert page.post("/billing/reconciliations/new", form).status_code == 302
    assert Reconciliation.objects.get().fetched
    early = page.post("/billing/reconciliations/new", form | {"day": today.isoformat()})
    assert (early.status_code, "还没有过完" in early.text) == (422, True)


def test_a_gateway_that_is_silent_is_said(page, account, customers: Customers):
    day = business_date(clock.real_now()) - timedelta(days=2)
    customers.trouble("busy")
    form = {"gateway": "alipay", "day": day.isoformat()}
    silent = page.post("/billing/reconciliations/new", form)
    assert (silent.status_code, "网关没有应答" in silent.text) == (422, True)


def test_a_day_shows_each_kind_and_is_filtered_by_it(page, line):
    address = f"/billing/reconciliations/{line.reconciliation_id}"
    whole = page.get(address).text
    assert "补记全部漏记" in whole
    matched = line.reconciliation.lines.get(kind="matched").number
    theirs = page.get(f"{address}?kind=theirs").text
    assert line.number in theirs
    assert matched not in theirs
    assert matched in page.get(f"{address}?q={matched}").text
    csv = page.get(f"{address}?export=csv").content.decode("utf-8-sig")
    assert f"{line.number}" in csv
    assert "66.00" in csv


def test_everything_missed_is_booked_at_once(page, line):
    address = f"/billing/reconciliations/{line.reconciliation_id}"
    assert "已补记 1 笔" in page.post(f"{address}/book", follow=True).text
    assert "补记全部漏记" not in page.get(address).text
    assert Payment.objects.filter(means="alipay").count() == 2


def test_one_line_is_booked_and_then_offers_nothing_more(page, line):
    shown = page.get(line_address(line)).text
    assert "补记 66.00 元" in shown
    done = page.post(line_address(line, "book"), follow=True).text
    assert "已补记入帐" in done
    assert "补记 66.00 元" not in done
    again = page.post(line_address(line, "book"))
    assert (again.status_code, "已处理" in again.text) == (422, True)


def test_money_of_no_order_waits_as_unidentified_and_the_line_leads_there(page, account):
    day = lately()
    page.post(
        "/billing/reconciliations/new",
        day_form(a_statement(day, ("T1", "WO-NOBODY", "12.00")), day),
    )
    line = ReconciliationLine.objects.get()
    shown = page.get(line_address(line)).text
    assert f"/billing/unidentified/{line.unidentified_id}" in shown
    assert "已挂不明来款" in shown


def test_a_difference_is_explained(page, line):
    assert page.post(line_address(line, "note"), {"note": " "}).status_code == 422
    noted = page.post(line_address(line, "note"), {"note": "已在网关退款"}, follow=True).text
    assert "已在网关退款" in noted


def test_asking_says_what_the_gateway_says(page, account, customers: Customers):
    order = an_order(account)
    day = lately()
    text = a_statement(day, ("T1", order.number, "100.00"))
    page.post("/billing/reconciliations/new", day_form(text, day))
    line = ReconciliationLine.objects.get()
    asked = page.post(line_address(line, "ask"))
    assert (asked.status_code, "网关现在说：待支付" in asked.text) == (422, True)
    customers.pay(order)
    assert "网关现在与我方一致" in page.post(line_address(line, "ask"), follow=True).text


def test_a_reversal_waits_for_a_second_person(page, account):
    line = a_gateway_day(account, 1, at=AT)
    matched = line.reconciliation.lines.get(kind="matched")
    ReconciliationLine.objects.filter(pk=matched.pk).update(kind="ours", theirs_fen=None)
    sent = page.post(line_address(matched, "reverse"), {"reason": "网关查无此单"}, follow=True)
    assert "等待另一位同事决定" in sent.text
    second = a_member_of_staff("supervisor", "supervisor02")
    approval = Approval.objects.get()
    approvals.decide(approval_id=approval.pk, decided_by_id=second.pk, approve=True, at=AT)
    assert "已冲正" in page.get(line_address(matched)).text


def test_who_only_reads_is_offered_nothing(line):
    reader = Client()
    reader.force_login(a_member_of_staff("hq_viewer"))
    shown = reader.get(line_address(line)).text
    assert line.number in shown
    assert "记下说明并结清" not in shown
    assert reader.post(line_address(line, "note"), {"note": "x"}).status_code == 403
