"""A look at personal data in clear: for a reason, once, and on record for the auditor."""

import pytest
from playwright.sync_api import expect

from bss.kernel.audit.seal import seal
from bss.kernel.clock import real_now
from customers.services.record_input import ContactInput
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.customers import a_company
from tests.builders.staff import a_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER, MASKED = "91110105MA01C2XK3E", "9111**********XK3E"


def test_a_reveal_needs_a_reason_is_shown_once_and_read_by_the_auditor(sign_in):
    company = a_company(contact=ContactInput(name="测试甲", phone="13011112222"))
    page = sign_in(staff=a_staff("supervisor", username="looker"))
    page.goto(f"/customers/{company.code}")
    expect(page.get_by_text(MASKED)).to_be_visible()
    expect(page.get_by_text(NUMBER)).to_have_count(0)

    # without a reason nothing is shown
    page.locator("summary", has_text="查看未脱敏资料").click()
    page.get_by_role("button", name="查看并留痕").click()
    expect(page.get_by_text(NUMBER)).to_have_count(0)

    page.get_by_label("查看原因").select_option(label="核对来人或来电者身份")
    page.get_by_label("说明").fill("客户来电核对")
    page.get_by_role("button", name="查看并留痕").click()
    expect(page.get_by_text(NUMBER)).to_be_visible()
    expect(page.get_by_text("13011112222")).to_be_visible()
    expect(page.get_by_text("资料未脱敏")).to_be_visible()
    shoot(page, "revealed-light")
    assert faults(page) == []

    page.goto(f"/customers/{company.code}")
    expect(page.get_by_text(MASKED)).to_be_visible()
    expect(page.get_by_text(NUMBER)).to_have_count(0)

    seal(at=real_now())
    auditor = sign_in(staff=a_staff("auditor"), scheme="dark")
    auditor.goto("/oversight/audit/?who=looker&kind=read")
    auditor.get_by_role("row").filter(has_text="personal.reveal").get_by_role("link").click()
    expect(auditor.get_by_text("核对来人或来电者身份：客户来电核对")).to_be_visible()
    expect(auditor.get_by_text("已封存，摘要相符")).to_be_visible()
    expect(auditor.locator("main").get_by_text("looker")).to_be_visible()
    shoot(auditor, "reveal-in-the-audit-dark")
    assert faults(auditor) == []
