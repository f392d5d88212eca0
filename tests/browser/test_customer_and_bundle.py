"""Serving a customer in a real browser: checked as typed, accessible, whole without script."""

import pytest
from playwright.sync_api import expect

from customers.models import Customer
from customers.services.record_input import ContactInput, DocumentInput
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.customers import a_company
from tests.builders.packages import a_basic_pair, a_bundle, a_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LICENSE = "91110105MA01C2XK3E"


def fill_record(page):
    page.get_by_label("客户名称").fill("北京试验纸业有限公司")
    page.get_by_label("证件号码").fill(LICENSE)
    page.get_by_label("证件地址").fill("北京市试验区一号")
    page.get_by_label("联系人", exact=True).fill("测试甲")
    page.get_by_label("联系电话").fill("13011112222")
    page.get_by_label("通信地址").fill("北京市试验区二号")


def test_a_record_is_checked_as_it_is_typed_and_registered(sign_in):
    page = sign_in("clerk")
    page.goto("/customers/new")
    number = page.get_by_label("证件号码")
    number.press_sequentially("91110105MA01C2XK3F")
    expect(page.locator("#standing")).to_contain_text("第 18 位校验码不对")
    shoot(page, "customer-register-light")
    assert faults(page) == []
    fill_record(page)
    expect(page.locator("#standing")).to_contain_text("证件号码的位数和校验码相符")
    expect(page.locator("#standing")).to_contain_text("7 / 7")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("北京试验纸业有限公司")


def test_a_customer_is_registered_without_script(sign_in):
    page = sign_in("clerk", script=False)
    page.goto("/customers/new")
    fill_record(page)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("北京试验纸业有限公司")
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_customer_and_its_bundle(sign_in, settings, scheme):
    settings.BUSINESS_TIME = "2026-10-15T15:00"
    a_catalogue()
    company = a_company(
        document=DocumentInput(type="business_license", number=LICENSE, address="北京市试验区"),
        contact=ContactInput(name="测试甲", phone="13011112222"),
        postal_address="北京市试验区",
    )
    bundle = a_bundle(*a_basic_pair(company))
    page = sign_in("supervisor", scheme=scheme)
    for address, name in (
        (f"/customers/{company.code}", "customer"),
        (f"/bundles/{bundle.code}", "bundle"),
        (f"/customers/{company.code}/correct", "customer-correct"),
        ("/customers/", "customers"),
        ("/clock", "clock"),
    ):
        page.goto(address)
        shoot(page, f"{name}-{scheme}")
        assert (address, faults(page)) == (address, [])


def test_the_businesses_of_a_line_open_from_its_row(sign_in, settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"
    a_catalogue()
    company, fixed, _mobile = a_basic_pair()
    page = sign_in("clerk")
    page.goto(f"/customers/{company.code}")
    page.get_by_role("row", name=fixed.number).get_by_role("button", name="办理").click()
    menu = page.get_by_role("dialog", name=f"办理 {fixed.number}")
    expect(menu).to_be_visible()
    assert faults(page) == []
    menu.get_by_role("link", name="停机保号").click()
    page.wait_for_url(f"**/orders/single/hold?subscription={fixed.pk}")
