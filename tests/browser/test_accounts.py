"""First sign-in with a one-time password, and a mover, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from bss.kernel.models import Staff
from customers.models import Customer
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.accounts import WHY, a_hired, a_province, at_work, two_officers
from tests.builders.customers import a_company
from tests.builders.staff import a_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NEW = "十年树木，百年树人-1956"


def test_who_joins_changes_the_one_time_password_before_anything_else(open_page):
    # given somebody who was hired today
    a_province()
    hired = a_hired(two_officers()[0])
    page = open_page("/login", script=False)

    # when they sign in and ask for something else
    page.get_by_label("工号").fill("clerk08")
    page.get_by_label("密码").fill(hired.one_time_password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/identity/password")
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.goto("/rules")
    expect(page).to_have_url(re.compile(r"/identity/password$"))
    shoot(page, "first-sign-in")

    # then a weak password is refused, a good one opens the house
    page.get_by_label("现用密码").fill(hired.one_time_password)
    page.get_by_label("新密码", exact=True).fill("123456654321")
    page.get_by_label("再输一次新密码").fill("123456654321")
    page.get_by_role("button", name="更换密码").click()
    page.get_by_text("这个密码在公开泄露的常用密码中，请换一个。").first.wait_for()
    page.get_by_label("现用密码").fill(hired.one_time_password)
    page.get_by_label("新密码", exact=True).fill(NEW)
    page.get_by_label("再输一次新密码").fill(NEW)
    page.get_by_role("button", name="更换密码").click()
    page.wait_for_url(lambda url: "/identity/password" not in url)
    assert Staff.objects.get(username="clerk08").state == "active"


def test_an_officer_moves_an_account_manager_and_hands_the_customers_over(sign_in):
    # given
    a_province()
    a_role("clerk")
    officer, _ = two_officers()
    manager = at_work("account_manager", number="manager01")
    at_work("account_manager", number="manager02")
    Customer.objects.filter(pk=a_company().pk).update(account_manager=manager)
    page = sign_in(staff=officer)

    # when
    page.goto("/identity/staff/manager01")
    assert faults(page) == []
    page.get_by_role("link", name="调动").click()
    assert faults(page) == []
    shoot(page, "mover")
    page.get_by_label("调往机构").select_option(label="　　　正定营业厅")
    page.get_by_label("营业员").check()
    page.get_by_label("接手人").select_option(index=1)
    page.get_by_label("原因").fill(WHY)
    page.get_by_role("button", name="办理调动").click()

    # then
    page.wait_for_url("**/identity/staff/manager01")
    expect(page.get_by_text("石家庄中心营业厅 → 正定营业厅")).to_be_visible()
    expect(page.get_by_text("等待审批").first).to_be_visible()
    expect(page.get_by_text("没有角色，登录后不能办理业务。")).to_be_visible()
    shoot(page, "moved")
    customer = Customer.objects.get()
    assert customer.account_manager != manager
    page.goto("/identity/organisations/")
    assert faults(page) == []
    page.goto("/identity/roles/")
    assert faults(page) == []
