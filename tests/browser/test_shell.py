"""The shell: accessible, quick by keyboard, whole without script."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_login_page(open_page, scheme):
    page = open_page("/login", scheme=scheme)
    shoot(page, f"login-{scheme}")
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_home_and_in_the_style_guide(sign_in, scheme):
    page = sign_in("supervisor", scheme=scheme)
    shoot(page, f"home-{scheme}")
    assert faults(page) == []
    page.goto("/styleguide?toast")
    shoot(page, f"styleguide-{scheme}")
    assert faults(page) == []


def test_axe_finds_nothing_on_a_phone_with_the_menu_open(sign_in):
    page = sign_in("supervisor", width=390)
    expect(page.get_by_role("navigation", name="主导航")).to_be_hidden()
    page.get_by_role("button", name="菜单").click()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    assert faults(page) == []
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow == 0


def test_control_k_finds_a_page_and_enter_goes_there(sign_in):
    page = sign_in()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="搜索与前往")
    expect(palette).to_be_visible()
    palette.get_by_role("combobox").fill("规则")
    expect(palette.locator("a.at")).to_have_text(re.compile("业务规则"))
    assert faults(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/rules")


def test_g_and_a_letter_goes_and_a_question_mark_shows_the_keys(sign_in):
    page = sign_in()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/rules")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_hidden()


def test_keys_are_left_alone_while_someone_types(sign_in):
    page = sign_in()
    box = page.locator("header").get_by_role("searchbox")
    box.click()
    page.keyboard.type("gr/?")
    expect(box).to_have_value("gr/?")
    expect(page).to_have_url(re.compile(r"/$"))


def test_dark_is_chosen_once_and_stays(sign_in):
    page = sign_in(scheme="light")
    page.locator("summary[aria-label=明暗]").click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 19, 21)"


def test_a_double_click_sends_once(open_page):
    page = open_page("/login")
    sent = []

    def answer_nothing(route):
        if route.request.method != "POST":
            return route.continue_()
        sent.append(route.request.post_data)
        return route.fulfill(status=204)

    page.route("**/login", answer_nothing)
    page.get_by_label("工号").fill("nobody")
    page.get_by_label("密码").fill("nothing-at-all")
    button = page.get_by_role("button", name="登录", exact=True)
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    button.click()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert len(sent) == 1


def test_what_was_typed_comes_back_after_a_reload(sign_in):
    page = sign_in()
    page.goto("/styleguide")
    form = page.locator("form[data-draft=specimen]")
    form.get_by_label("客户名称").fill("安平五金商行")
    form.get_by_label("B 方案").check()
    page.reload()
    expect(form.get_by_label("客户名称")).to_have_value("安平五金商行")
    expect(form.get_by_label("B 方案")).to_be_checked()
    form.get_by_role("button", name="清空重填").click()
    expect(form.get_by_label("客户名称")).to_have_value("")


def test_without_script_one_can_sign_in_search_and_change_the_language(sign_in):
    page = sign_in(script=False)
    page.locator("header").get_by_role("searchbox").fill("没有的东西")
    page.keyboard.press("Enter")
    expect(page.get_by_text("号码请输全，名称可以只输两个字。")).to_be_visible()
    page.locator("summary[aria-label^=语言]").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Search", exact=True)).to_be_visible()


def test_in_the_dark_the_buttons_of_the_top_bar_are_as_dark_as_the_bar(sign_in):
    page = sign_in(scheme="dark")
    buttons = page.locator(".top summary.button")
    expect(buttons).to_have_count(3)
    for button in buttons.all():
        expect(button).to_have_css("background-color", "rgba(0, 0, 0, 0)")
