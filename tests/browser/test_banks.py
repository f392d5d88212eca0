"""The circle with a bank: mandate, batch, file, answer; money of nobody finds its way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from billing.banks import simulator
from billing.queries.house import house_balances
from billing.tasks.bank_uploads import take_in_uploads
from bss.kernel.models import Staff
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.builders.banks import DRAWN_AT, a_movement, a_number, a_statement
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, own_account
from tests.builders.staff import a_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-11-05T10:00"


@pytest.fixture
def supervisor() -> Staff:
    staff = a_staff("supervisor")
    staff.organisation = a_channel().organisation
    staff.save(update_fields=["organisation"])
    return staff


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.thorough)])
def test_the_circle_with_a_bank(
    sign_in: Callable[..., Page], supervisor: Staff, tmp_path: Path, script: bool
):
    # given: somebody owes 100.00
    line = a_line(a_customer())
    account = own_account(line)
    a_bill(account, "2026-09", (line, "PLAN_FEE", 100_00))
    page = sign_in(staff=supervisor, script=script)

    # when: the mandate is signed
    page.goto(f"/billing/accounts/{account.code}")
    page.get_by_role("link", name="托收协议").click()
    page.get_by_label("银行帐号").fill(a_number())
    page.get_by_label("已核对证件与印鉴").check()
    shoot(page, "bank-mandate-new")
    page.get_by_role("button", name="签订协议").click()
    page.get_by_text("XY0000").first.wait_for()
    shoot(page, "bank-mandate")

    # and: the batch is drawn up and fetched
    page.goto("/billing/debits/")
    page.get_by_role("button", name="制作燕赵银行批次").click()
    with page.expect_download() as fetched:
        page.get_by_role("button", name="下载送盘文件").click()
    asked = Path(fetched.value.path()).read_bytes()

    # and: the bank answers
    answer = tmp_path / "HP.txt"
    answer.write_bytes(simulator.answer(asked, day=DRAWN_AT.date(), refused_percent=0))
    upload(page, answer)
    expect(page.locator("#bank_file")).to_contain_text("扣款成功")
    shoot(page, "bank-answer")
    assert house_balances()["clearing:debit"] == -100_00

    # and: the same file again is refused, and half a statement too
    upload(page, answer)
    expect(page.get_by_role("alert").first).to_contain_text("HP.txt")
    whole = a_statement(a_movement("R1", 66_00, payer_name="别家商行"), a_movement("R2", 5_00))
    statement = tmp_path / "DZ.txt"
    statement.write_bytes(whole[:-60])
    upload(page, statement)
    expect(page.get_by_role("alert").first).to_contain_text("结尾行")
    shoot(page, "bank-refused")
    statement.write_bytes(whole)
    upload(page, statement)

    # then: money of nobody is given to whom it is for
    page.goto("/billing/unidentified/")
    page.get_by_role("link", name="R1").click()
    page.get_by_label("查找").first.fill(account.code)
    page.get_by_role("button", name="查找").click()
    page.get_by_role("radio").check()
    page.get_by_label("处理依据").fill("客户来函 17")
    if script:
        assert faults(page) == []
    shoot(page, "bank-identify")
    page.get_by_role("button", name="认领入帐").click()
    page.get_by_text("已认领").first.wait_for()
    assert house_balances()["unidentified"] == 5_00


def upload(page: Page, path: Path) -> None:
    page.goto("/billing/bank-files/")
    page.get_by_label("银行文件").first.set_input_files(path)
    page.get_by_role("button", name="导入", exact=True).click()
    page.wait_for_load_state("networkidle")


def test_a_large_file_waits_on_its_page_until_a_worker_has_taken_it_in(
    sign_in: Callable[..., Page], supervisor: Staff, settings, tmp_path: Path
):
    settings.BANK_FILE_AT_ONCE_BYTES = 10
    whole, half = tmp_path / "DZ-1105.txt", tmp_path / "DZ-1106.txt"
    whole.write_bytes(a_statement(*(a_movement(f"R{n}", 100 + n) for n in range(12))))
    half.write_bytes(a_statement(a_movement("S1", 1_00), serial="2").rstrip()[:-30])
    page = sign_in(staff=supervisor)

    # when: the page waits, a worker comes, and the page leads on by itself
    upload(page, whole)
    page.get_by_text("等待处理").wait_for()
    assert faults(page) == []
    shoot(page, "bank-upload-waits")
    take_in_uploads()
    page.wait_for_url("**/billing/bank-files/*")
    page.get_by_role("heading", name="DZ-1105.txt").wait_for()

    # and: one that is refused says why, there and above the list
    upload(page, half)
    page.get_by_text("等待处理").wait_for()
    take_in_uploads()
    page.get_by_text("文件没有结尾行").wait_for()
    assert faults(page) == []
    shoot(page, "bank-upload-refused")
    dark = sign_in(staff=supervisor, scheme="dark", width=390)
    dark.goto("/billing/bank-files/")
    dark.get_by_text("文件没有结尾行").wait_for()
    shoot(dark, "bank-uploads-dark")
    dark.get_by_role("link", name="DZ-1106.txt").click()
    shoot(dark, "bank-upload-refused-dark")
