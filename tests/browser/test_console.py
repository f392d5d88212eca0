"""No page of the menu makes the browser complain: ``open_page`` fails on any complaint."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("role", ["supervisor", "security_officer", "auditor"])
def test_every_page_of_the_menu_opens_without_a_word_in_the_console(sign_in, role):
    page = sign_in(role)
    links = page.get_by_role("navigation", name="主导航").get_by_role("link")
    addresses = [link.get_attribute("href") for link in links.all()]
    assert len(addresses) >= 4
    for address in addresses:
        response = page.goto(address)
        assert (address, response.status) == (address, 200)
        expect(page.locator("main").get_by_role("heading", level=1).first).to_be_visible()
