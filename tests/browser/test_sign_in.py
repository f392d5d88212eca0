"""Signing in as a person does it: with an app, with a passkey, and when it does not work."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from axes.models import AccessAttempt

from bss.identity.models import WorkSession
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.second_factor import SECRET, code_of_app
from tests.builders.staff import PASSWORD, a_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def give(page, staff, password=PASSWORD):
    page.get_by_label("工号").fill(staff.username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


@pytest.fixture
def with_a_key():
    """Give a window a security key that knows its owner, as a laptop's fingerprint reader is."""

    def plugged_in(page):
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        return page

    return plugged_in


def test_password_and_code_of_the_app_open_the_door(open_page):
    staff = a_staff("supervisor")
    TOTP.activate(staff, SECRET)
    page = open_page("/login", scheme="light")
    shoot(page, "login-light")
    assert faults(page) == []

    give(page, staff)
    page.wait_for_url("**/login/code")
    shoot(page, "code-light")
    assert faults(page) == []
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("验证码不对，或者已经用过").first.wait_for()
    shoot(page, "code-wrong-light")
    page.get_by_label("验证码").fill(code_of_app())
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)

    assert WorkSession.objects.get().means == "second_factor"


def test_five_wrong_passwords_pause_the_sign_in_and_a_supervisor_opens_it(open_page, sign_in):
    clerk = a_staff("clerk")
    page = open_page("/login", scheme="dark")
    for n in range(5):
        give(page, clerk, f"guess-{n}")
        page.wait_for_load_state()
    page.get_by_role("heading", name="登录已暂停").wait_for()
    shoot(page, "locked-dark")
    assert faults(page) == []

    boss = sign_in("supervisor", scheme="dark")
    boss.goto("/identity/lockouts")
    shoot(boss, "lockouts-dark")
    assert faults(boss) == []
    boss.get_by_role("button", name="解除锁定").click()
    boss.get_by_text("没有锁定的工号").wait_for()
    page.goto("/login")
    give(page, clerk)
    page.wait_for_url(lambda url: "/login" not in url)

    assert AccessAttempt.objects.count() == 0


def test_a_passkey_is_added_signs_in_and_proves_it_again(open_page, sign_in, with_a_key):
    page = with_a_key(sign_in("supervisor"))
    page.goto("/identity/second-factor")
    page.get_by_role("link", name="添加通行密钥").click()
    shoot(page, "passkey-add")
    assert faults(page) == []
    page.get_by_label("名称").fill("工位电脑")
    page.get_by_label("也用它直接登录").check()
    page.get_by_role("button", name="添加", exact=True).click()
    page.get_by_text("只显示这一次").wait_for()
    shoot(page, "recovery-codes")
    page.get_by_role("link", name="已经保存好").click()
    page.get_by_role("rowheader", name="工位电脑").wait_for()
    shoot(page, "second-factors")
    assert faults(page) == []

    page.get_by_label("值班主管甲").click()
    page.get_by_role("button", name="退出").click()
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(lambda url: "/login" not in url)
    assert WorkSession.objects.latest("pk").means == "passkey"

    page.goto("/identity/prove?next=/rules")
    shoot(page, "prove")
    assert faults(page) == []
    page.get_by_role("button", name="用通行密钥核实").click()
    page.wait_for_url("**/rules")


def test_an_app_is_set_up_by_its_square_and_first_code(sign_in):
    page = sign_in("supervisor", scheme="dark")
    page.goto("/identity/second-factor/app")
    shoot(page, "app-dark")
    assert faults(page) == []
    page.get_by_label("验证码").fill(code_of_app(page.locator(".secret").inner_text()))
    page.get_by_role("button", name="启用").click()
    page.get_by_text("只显示这一次").wait_for()
    page.get_by_role("link", name="已经保存好").click()
    shoot(page, "second-factors-dark")
    assert faults(page) == []


def test_the_second_sign_in_of_a_clerk_tells_the_first_why(open_page):
    clerk = a_staff("clerk")
    first, second = open_page("/login"), open_page("/login")
    for page in (first, second):
        give(page, clerk)
        page.wait_for_url(lambda url: "/login" not in url)
    first.goto("/customers/")
    first.get_by_text("这里已退出").wait_for()
    shoot(first, "ended-elsewhere")
    assert faults(first) == []

    give(first, clerk)
    first.wait_for_url("**/customers/")


def test_the_officers_pages_are_clear(sign_in):
    page = sign_in("security_officer", scheme="dark")
    for name, path in (("sessions", "/identity/sessions"), ("hours", "/identity/access-hours")):
        page.goto(path)
        shoot(page, f"{name}-dark")
        assert faults(page) == []
