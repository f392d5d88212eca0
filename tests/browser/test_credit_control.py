"""A debt on the pages: told, stopped, paid and resumed; and what the customer's telephone got."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from billing.messaging.smsc import MessageCentre
from billing.services.credit_limits import load_limits
from billing.tasks.messages import send_messages
from bss.kernel.models import Staff
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.billing import a_channel, moment
from tests.builders.credit import a_debtor, steps
from tests.builders.staff import a_staff
from tests.builders.till import a_shift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _here(settings, monkeypatch) -> None:
    settings.BUSINESS_TIME = "2026-12-27T10:00"
    monkeypatch.setattr("billing.views.credit_runs.worker_answers", lambda: False)
    monkeypatch.setattr("billing.views.credit_runs.ASKED_FOR_S", 1)
    monkeypatch.setattr("billing.tasks.messages.PATIENCE_S", 0.3)
    steps()
    load_limits()


def a_supervisor_at_the_hall() -> Staff:
    staff = a_staff("supervisor")
    staff.organisation = a_channel().organisation
    staff.save(update_fields=["organisation"])
    a_shift(staff, at=moment("2026-12-27T08:30"))
    return staff


def run_now(page: Page) -> None:
    page.goto("/billing/credit/")
    page.get_by_role("button", name="立即运行").click()
    page.get_by_text("信控已运行。").wait_for()


def test_reminded_stopped_paid_and_resumed(sign_in: Callable[..., Page], settings) -> None:
    line, account, _ = a_debtor()
    page = sign_in(staff=a_supervisor_at_the_hall())
    credit = f"/billing/accounts/{account.code}/credit"

    with MessageCentre() as server:
        server.start()
        settings.SMSC_ADDRESS = f"127.0.0.1:{server.port}"

        page.goto("/billing/credit/?on=2027-01-01")
        page.get_by_text("最早一张帐单的缴费期限是 2026-11-30").wait_for()
        assert faults(page) == []
        shoot(page, "credit-rehearsal")

        run_now(page)
        send_messages()
        page.goto(credit)
        row = page.get_by_role("row").filter(has_text="停机前 5 天")
        row.get_by_text("已送达").wait_for()
        assert server.centre.taken[-1].text.startswith(f"【沃商务】帐户 {account.code} 欠费 25.00")
        assert faults(page) == []
        shoot(page, "credit-reminded")

        settings.BUSINESS_TIME = "2027-01-01T09:00"
        page.wait_for_timeout(1100)
        run_now(page)
        page.goto("/billing/credit/pre-terminations/")
        page.locator("tbody").get_by_text("欠费停机", exact=True).wait_for()
        page.get_by_text("还有 90 天").wait_for()

        page.goto(f"/billing/accounts/{account.code}/pay")
        page.get_by_label("金额", exact=True).fill("25.00")
        page.get_by_role("button", name="收款", exact=True).click()
        page.wait_for_url("**/billing/receipts/*")
        send_messages()
        page.goto(credit)
        page.get_by_role("row").filter(has_text="复机通知").get_by_text("已送达").wait_for()
        line.refresh_from_db()
        assert line.state == "active"
        assert server.centre.taken[-1].text == (
            f"【沃商务】帐户 {account.code} 的欠费已缴清，服务已恢复。感谢您的支持。"
        )
        page.goto("/billing/credit/pre-terminations/")
        page.get_by_text("没有欠费停机或预销号的号码").wait_for()
        shoot(page, "credit-resumed")
        server.shutdown()
