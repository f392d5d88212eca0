"""A refund above the limit: asked at the desk, decided by another, paid out of the drawer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import Reason, Refund
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.billing import a_customer, a_line, own_account, public_of
from tests.builders.by_hand import a_checker, a_maker
from tests.builders.till import a_shift, taken

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-11-05T12:00"


def test_a_refund_above_the_limit_is_decided_by_a_second_person(
    sign_in: Callable[..., Page],
) -> None:
    # given 900 yuan in the account and in the clerk's drawer
    Reason.objects.get_or_create(purpose="refund", code="overpaid", words="多缴退款")
    account = own_account(a_line(a_customer()))
    a_shift(a_maker())
    taken(account, a_maker(), 900_00)

    # when the clerk asks for 600 of it
    desk = sign_in(staff=a_maker())
    desk.goto(f"/billing/accounts/{account.code}")
    desk.get_by_text("更多办理").click()
    desk.get_by_role("link", name="退款", exact=True).click()
    expect(desk.get_by_label("退款金额")).to_have_value("900.00")
    desk.get_by_label("退款金额").fill("600")
    desk.get_by_label("原因").select_option(label="多缴退款")
    found = faults(desk)
    shoot(desk, "refund-new")
    desk.get_by_role("button", name="退款", exact=True).click()

    # then nothing has moved, and the second person sees exactly what will be done
    desk.wait_for_url("**/approvals/*")
    assert not Refund.objects.exists()
    checker = sign_in(staff=a_checker())
    checker.goto(desk.url)
    for shown in ("600.00", account.code, "现金", "多缴退款"):
        expect(checker.locator("main")).to_contain_text(shown)
    shoot(checker, "refund-approval")
    found += faults(checker)
    checker.get_by_role("button", name="批准并执行").click()
    expect(checker.get_by_text("已批准并执行。")).to_be_visible()
    desk.reload()
    desk.get_by_role("link", name="去办理").click()
    expect(desk.locator("main")).to_contain_text("600.00")
    found += faults(desk)
    shoot(desk, "refund")
    made = Refund.objects.get()
    assert (made.state, made.by, made.approval.decided_by) == ("paid", a_maker(), a_checker())
    assert public_of(account).cash_fen == 300_00
    assert found == []
