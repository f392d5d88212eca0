"""A day at the cash desk: opened, taken, reversed, counted short, confirmed by another."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from billing.models import Shift
from billing.queries.house import house_balances
from bss.kernel.models import Staff
from tests.billing.views.house import a_closed_october
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.billing import a_channel
from tests.builders.staff import a_staff
from tests.builders.till import a_desk_day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-11-05T10:00"


def someone(role: str) -> Staff:
    """Who works at the hall."""
    staff = a_staff(role)
    staff.organisation = a_channel().organisation
    staff.save(update_fields=["organisation"])
    return staff


def pay(
    page: Page, account, amount: str, *, received: str = "", means: str = "现金", slip: str = ""
):
    page.goto(f"/billing/accounts/{account.code}/pay")
    page.get_by_label("金额", exact=True).fill(amount)
    page.get_by_label("付款方式").select_option(means)
    page.get_by_label("唱收").fill(received)
    page.get_by_label("票据号").fill(slip)
    page.get_by_role("button", name="收款", exact=True).click()
    page.wait_for_url("**/billing/receipts/*")


def _picture_of_paper() -> Path | None:
    """Where ``SCREENSHOTS`` are kept, the slip as the printer gets it."""
    folder = os.environ.get("SCREENSHOTS")
    return Path(folder) / "till-slip.pdf" if folder else None


@pytest.mark.parametrize("script", [True, False])
def test_a_cash_desk_day(sign_in: Callable[..., Page], script: bool):
    october = a_closed_october()
    cashier = sign_in(staff=someone("clerk"), script=script)

    cashier.goto("/billing/till/")
    cashier.get_by_label("备用金").fill("500")
    cashier.get_by_role("button", name="开班").click()
    pay(cashier, october.unified, "87.65", received="100")
    expect(cashier.locator("#change")).to_have_text("12.35 元")
    shoot(cashier, "till-receipt")
    cashier.get_by_role("button", name="打印小票").click()
    cashier.locator(".slip").wait_for()
    shoot(cashier, "till-slip")
    if script:
        cashier.wait_for_load_state("networkidle")  # its stylesheet says how wide the paper is
        paper = cashier.pdf(prefer_css_page_size=True, path=_picture_of_paper())
        page = PdfReader(BytesIO(paper)).pages[0]
        assert round(float(page.mediabox.width) / 72 * 25.4) == 80
        assert "12.35" in page.extract_text()
    pay(cashier, october.unified, "30", means="刷卡", slip="POS-0001")
    pay(cashier, october.unified, "20")

    cashier.goto(f"/billing/accounts/{october.unified.code}")
    cashier.get_by_role("row").filter(has_text="20.00").get_by_text("冲正", exact=True).click()
    cashier.get_by_role("button", name="确认冲正 20.00 元").click()
    cashier.goto("/billing/till/")
    shoot(cashier, "till-open")
    cashier.get_by_role("link", name="点数交班").click()
    cashier.get_by_label("壹佰元").fill("5")
    cashier.get_by_label("伍拾元").fill("1")
    cashier.get_by_label("拾元", exact=True).fill("3")
    cashier.get_by_label("刷卡单合计").fill("30")
    if script:
        expect(cashier.locator("[data-total]")).to_have_text("580.00")
    shoot(cashier, "till-count")
    cashier.get_by_role("button", name="登记点数").click()
    expect(cashier.locator("main")).to_contain_text("短款")
    expect(cashier.get_by_role("button", name="确认日结")).to_have_count(0)
    chief = sign_in(staff=someone("supervisor"), script=script)
    chief.goto("/billing/till/shifts/?state=counted")
    chief.get_by_role("row").filter(has_text="营业员").get_by_role("link").first.click()
    chief.get_by_label("处理意见").fill("找零多付，由收银员赔付")
    shoot(chief, "till-confirm")
    chief.get_by_role("button", name="确认日结").click()
    chief.get_by_text("已日结").first.wait_for()
    chief.get_by_role("link", name="营业厅日汇总").click()
    shoot(chief, "till-hall-day")
    chief.get_by_role("link", name="缴款").last.click()
    chief.get_by_label("封包号").fill("BAG-1")
    chief.get_by_role("button", name="封包").click()
    chief.get_by_text("在途").first.wait_for()
    shoot(chief, "till-handover")

    assert Shift.objects.get().close.difference_fen == -7_65
    balances = house_balances()
    assert (balances["over_short"], balances["in_transit"], balances["cash:cash"]) == (
        -7_65,
        -80_00,
        0,
    )


def test_nothing_is_wrong_for_axe(sign_in: Callable[..., Page]):
    a_closed_october()
    chief = someone("supervisor")
    a_desk_day(chief)
    for scheme in ("light", "dark"):
        page = sign_in(staff=chief, scheme=scheme)
        found = []
        own = Shift.objects.get(cashier=chief)
        closed = Shift.objects.filter(state="confirmed").earliest("pk")
        for name, path in {
            "till": "/billing/till/",
            "count": f"/billing/till/shifts/{own.pk}/count",
            "shift": f"/billing/till/shifts/{closed.pk}",
            "shifts": "/billing/till/shifts/",
            "hall": f"/billing/till/halls/{closed.channel.code}/2026-11-05",
            "pack": f"/billing/till/halls/{closed.channel.code}/hand-over",
            "bags": "/billing/till/handovers/",
            "receipt": f"/billing/receipts/{own.movements.get().receipt.pk}",
            "slip": f"/billing/receipts/{own.movements.get().receipt.pk}/prints/2",
            "pay": f"/billing/accounts/{own.movements.get().account.code}/pay",
        }.items():
            page.goto(path)
            shoot(page, f"axe-{scheme}-{name}")
            found += [f"{path} {fault}" for fault in faults(page)]
        assert found == []
