"""A bill is split into invoices, with script and without; axe has nothing to say."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import Invoice
from tests.billing.views.house import a_closed_october
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.billing import a_bill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def business_time(settings, monkeypatch):
    settings.BUSINESS_TIME = "2026-11-05T10:00"
    monkeypatch.setattr("billing.views.running.worker_answers", lambda: False)


@pytest.mark.parametrize("script", [True, False])
def test_a_bill_is_split_over_two_invoices(sign_in: Callable[..., Page], script: bool):
    october = a_closed_october()
    bill = a_bill(october.own, "2026-09", (october.f1, "PLAN_FEE", 9000), (october.f1, "SMS", 3000))
    page = sign_in("supervisor", script=script)
    page.goto(f"/billing/bills/{bill.pk}")
    page.locator("#bill-invoice").click()
    page.get_by_label("按金额拆成几张").check()
    page.get_by_label("第 1 张金额").fill("50")
    page.get_by_label("第 2 张金额").fill("70")
    if script:
        expect(page.locator("#sums")).to_contain_text("各张合计 120.00 元，余下 0.00 元")
    page.get_by_role("button", name="核算").click()
    rows = page.locator("#planned tbody tr")
    expect(rows).to_have_text(["1 50.00 0.00 70.00", "2 70.00 0.00 0.00"], use_inner_text=True)
    assert not Invoice.objects.exists()
    found = faults(page) if script else []
    shoot(page, f"invoice-split-{script}")
    page.get_by_role("button", name="开票", exact=True).click()
    expect(page.locator("#issued tbody tr")).to_have_count(2)
    expect(page.locator("body")).to_contain_text("没有可开票金额")
    page.locator("#issued a").first.click()
    if script:
        found += faults(page)
        shoot(page, "invoice")
        page.get_by_role("link", name="红冲").click()
        found += faults(page)
        shoot(page, "invoice-red")
        page.goto("/billing/invoices/")
        found += faults(page)
        shoot(page, "invoices")
    assert found == []
