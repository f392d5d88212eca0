"""The wizard and the order page in a real browser: nothing for axe, nothing in the console."""

import re

import pytest
from playwright.sync_api import expect

from bss.kernel.models import Staff
from orders.models import Order
from tests.browser.axe import faults
from tests.builders.orders import a_company, a_source, a_subscription
from tests.orders.views.people import a_stocked_pool

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_bundle_is_opened_by_clicking_through(sign_in, settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"
    company = a_company()
    a_subscription(company, "fixed")
    a_stocked_pool()
    page = sign_in("clerk")
    Staff.objects.update(organisation=a_source().organisation)
    page.goto(f"/orders/open?customer={company.code}")
    assert faults(page) == []
    page.get_by_role("button", name="下一步：选套餐").click()
    page.get_by_role("radio", name="沃·商务基础版 A 106").check()
    assert faults(page) == []
    page.get_by_role("button", name="下一步：选成员").click()
    page.get_by_label(re.compile("^加入 ")).first.check()
    page.get_by_label("业务类型").select_option("m2g")
    page.get_by_role("button", name="选号").click()
    page.get_by_label("13011190001").check()
    page.get_by_label("单产品套餐").select_option("M2G-STD")
    page.get_by_role("button", name="取号").click()
    page.get_by_text("新装").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="下一步：加装包").click()
    assert faults(page) == []
    page.go_back()
    expect(page.locator("input[name=members]:checked")).to_have_count(2)
    page.get_by_role("button", name="下一步：加装包").click()
    page.get_by_role("button", name="下一步：预览").click()
    assert faults(page) == []
    page.get_by_role("button", name="提交受理").click()
    page.get_by_role("link", name="受理单").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="全部完成").click()
    page.get_by_text("已竣工").first.wait_for()
    assert Order.objects.get().state == "completed"
