"""Four eyes in two windows: one asks, the other sees exactly what leaves and lets it."""

import pytest
from playwright.sync_api import expect

from bss.kernel.models import AuditEntry, Notice
from bss.oversight.models import SecurityCase
from bss.oversight.services import watching
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.customers import a_company
from tests.builders.staff import a_staff
from tests.oversight.people import MORNING, a_request
from tests.oversight.watching import look, looked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def the_day(settings):
    settings.BUSINESS_TIME = "2026-10-15T10:30"
    settings.BULK_EXPORT_ROWS = 2


def test_an_export_is_asked_for_approved_by_a_second_person_and_fetched(sign_in):
    for n in range(3):
        a_company(name=f"测试{n}号商贸有限公司", document=None)
    asker = sign_in(staff=a_staff("supervisor", username="asker"))
    asker.goto("/customers/?kind=enterprise")
    asker.get_by_role("link", name="CSV").click()
    expect(asker.get_by_role("heading", level=1)).to_have_text("导出需要审批")
    shoot(asker, "export-ask-light")
    assert faults(asker) == []
    asker.get_by_label("导出原因").fill("四季度走访名单")
    asker.get_by_role("button", name="提交审批").click()
    expect(asker.get_by_text("正在等待审批")).to_be_visible()

    checker = sign_in(staff=a_staff("supervisor", username="checker"), scheme="dark")
    expect(checker.locator(".side .count-badge")).to_contain_text("1")
    shoot(checker, "home-approver-dark")
    checker.get_by_role("link", name="批量导出清单").click()
    expect(checker.get_by_text("四季度走访名单")).to_be_visible()
    expect(checker.get_by_text("批准后将执行")).to_be_visible()
    shoot(checker, "approval-dark")
    assert faults(checker) == []
    checker.get_by_role("button", name="批准并执行").click()
    expect(checker.get_by_text("已批准并执行。")).to_be_visible()
    expect(checker.locator(".side .count-badge")).to_have_count(0)

    with asker.expect_download() as coming:
        asker.get_by_role("link", name="审批", exact=True).click()
        asker.get_by_role("link", name="批量导出清单").click()
        shoot(asker, "approval-granted-light")
        asker.get_by_role("link", name="去办理").click()
    lines = coming.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 4
    entry = AuditEntry.objects.get(action="list.export")
    assert (entry.staff.username, entry.reason) == ("asker", "四季度走访名单")


def test_the_pages_of_those_who_guard_are_accessible(sign_in):
    officer, clerk = a_staff("security_officer"), a_staff("clerk")
    looked(clerk, 1, 2, 3, at=MORNING.replace(hour=23))
    look(at=MORNING)
    assert Notice.objects.get().staff == officer
    watching.register_relative(
        staff_id=clerk.pk, number="13011112222", relation="spouse", at=MORNING, by_id=officer.pk
    )
    page = sign_in(staff=officer, scheme="dark")
    case = SecurityCase.objects.get()
    for address, name in (
        ("/", "home-officer"),
        ("/oversight/security-cases/", "security-cases"),
        (f"/oversight/security-cases/{case.pk}", "security-case"),
        ("/oversight/watch/", "watch"),
        ("/oversight/watch/night", "watch-rule"),
        ("/oversight/relatives/", "relatives"),
    ):
        page.goto(address)
        shoot(page, f"{name}-dark")
        assert (address, faults(page)) == (address, [])


def test_the_inbox_and_the_acts_on_many_are_accessible(sign_in, settings):
    settings.APPROVAL_KINDS = "tests.kernel.acts.KINDS"
    checker = a_staff("supervisor")
    a_request(a_staff("clerk"))
    a_request(checker, name="另一新厅")
    a_company(document=None, account_manager_id=a_staff("account_manager").pk)
    page = sign_in(staff=checker)
    for address, name in (
        ("/oversight/approvals/?view=waiting", "approvals"),
        ("/oversight/approvals/?view=asked", "approvals-asked"),
        ("/customers/", "customers"),
        ("/customers/reassign?kind=enterprise", "ask-reassign"),
        ("/customers/black-list", "ask-black-list"),
        ("/customers/unmask", "ask-unmask"),
    ):
        page.goto(address)
        shoot(page, f"{name}-light")
        assert (address, faults(page)) == (address, [])
    page.goto("/oversight/approvals/?view=waiting")
    page.get_by_role("link", name="营业厅改名").click()
    expect(page.get_by_text("测试新厅")).to_be_visible()
    shoot(page, "approval-rename-light")
    assert faults(page) == []
