"""Bills and the month: pressed by hand, read by axe, whole without script."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.billing.views.house import CLOSED_AT, a_closed_october, an_open_october
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.month import a_day_of_usage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOM = "/billing/months/2026-10"


@pytest.fixture(autouse=True)
def business_time(settings, monkeypatch):
    settings.BUSINESS_TIME = "2026-11-05T10:00"
    monkeypatch.setattr("billing.views.running.worker_answers", lambda: False)


@pytest.mark.parametrize("script", [True, False])
def test_the_operator_closes_a_month_and_follows_a_line_to_its_calls(
    sign_in: Callable[..., Page], script: bool
):
    an_open_october()
    page = sign_in("batch_operator", script=script)
    page.goto(ROOM)
    page.get_by_role("button", name="开始月初切换").click()
    page.get_by_label("话单文件", exact=True).set_input_files(
        {
            "name": "oct.csv",
            "mimeType": "text/csv",
            "buffer": b"record_id,service_number,call_type,other_number,start_at,duration_s\n"
            b"c,01062000001,mo,01088880001,2026-10-07T09:00,60\n",
        }
    )
    page.get_by_role("button", name="上传并装载").click()
    page.get_by_role("button", name="批价并出帐").click()
    page.locator("#step-close[data-state=done]").wait_for()
    shoot(page, "month-closed")
    page.get_by_role("link", name="全部帐单").click()
    page.get_by_role("row").filter(has_text="0.90").get_by_role("link").first.click()
    with page.expect_download() as paper:
        page.locator("#bill-pdf").click()
    text = PdfReader(BytesIO(paper.value.path().read_bytes())).pages[0].extract_text()
    assert "0.90" in text
    page.get_by_role("link", name="本地通话费", exact=True).click()
    expect(page.locator("#records")).to_contain_text("超出 5 分钟 × 0.15 元 = 0.75 元")


def test_nothing_is_wrong_for_axe(sign_in: Callable[..., Page]):
    october = a_closed_october()
    bill = october.call_bill
    usage = a_day_of_usage(1, at=CLOSED_AT)
    page = sign_in("supervisor")
    found = []
    for path in (
        "/billing/",
        f"/billing/accounts/{october.unified.code}",
        f"/billing/accounts/{october.unified.code}/pay",
        f"/billing/accounts/{october.unified.code}/ledgers/new",
        f"/billing/bills/{bill.pk}",
        f"/billing/bills/{bill.pk}/lines/{bill.lines.first().pk}",
        "/billing/months/",
        ROOM,
        "/billing/rejects/",
        "/billing/rejects/retry",
        f"/billing/rejects/{usage['reject']}",
        "/billing/usage-files/",
        "/billing/usage-files/gaps/",
        f"/billing/usage-files/gaps/{usage['usage_gap']}",
        "/billing/runs/",
        f"/billing/runs/{usage['batch_run']}",
    ):
        page.goto(path)
        found += [f"{path} {fault}" for fault in faults(page)]
    assert found == []


@pytest.mark.parametrize("script", [True, False])
def test_what_the_filters_show_is_what_is_judged_again(sign_in: Callable[..., Page], script: bool):
    an_open_october()
    for number in (1, 2):
        a_day_of_usage(number, at=CLOSED_AT)
    page = sign_in("batch_operator", script=script)
    page.goto("/billing/rejects/")
    page.get_by_role("link", name="重批全部 2 条").wait_for()
    page.get_by_label("查找").fill("w2")
    page.get_by_label("查找").press("Enter")
    page.get_by_role("link", name="重批这 1 条").click()
    page.get_by_role("button", name="重批这 1 条").click()
    page.get_by_text("重批了 1 条，原因都还在，仍是错单。").wait_for()
    expect(page).to_have_url(re.compile(r"q=w2(&|$)"))
