"""Interfaces and tokens as a person sees them: shown once, in light and dark, without faults."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bss.identity.models import InterfaceNumber, PersonalToken
from tests.api.people import a_caller
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.interfaces import an_interface

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_security_officer_sees_and_bounds_interfaces(sign_in, scheme):
    manager = a_caller("manager1")
    an_interface(manager, networks=["203.0.113.0/24"])
    an_interface(manager, kind="website", name="测试网上营业厅", days=range(5))
    page = sign_in("security_officer", scheme=scheme)

    page.goto(reverse("identity:interfaces"))
    expect(page.get_by_role("row")).to_have_count(3)
    assert faults(page) == []
    shoot(page, f"interfaces-{scheme}")
    page.get_by_role("link", name="1-HE01-01").click()
    assert faults(page) == []
    shoot(page, f"interface-{scheme}")
    page.goto(reverse("identity:interface_open"))
    assert faults(page) == []
    shoot(page, f"interface-open-{scheme}")
    page.goto(reverse("identity:interface", args=["1-HE01-01"]))
    page.get_by_text("更换密钥").first.click()
    page.get_by_role("button", name="更换密钥").click()
    expect(page.get_by_text("密钥只显示这一次")).to_be_visible()
    assert faults(page) == []
    shoot(page, f"interface-secret-{scheme}")
    assert InterfaceNumber.objects.count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_makes_a_token_and_takes_it_back(sign_in, scheme):
    page = sign_in("account_manager", scheme=scheme)
    page.goto(reverse("identity:my_tokens"))
    page.get_by_label("令牌用途").fill("月度报表程序")
    page.get_by_role("button", name="建立令牌").click()
    expect(page.get_by_text("令牌只显示这一次")).to_be_visible()
    assert faults(page) == []
    shoot(page, f"my-tokens-{scheme}")

    page.get_by_role("button", name="撤销令牌").click()
    page.get_by_text("还没有令牌").wait_for()
    assert not PersonalToken.objects.exists()
