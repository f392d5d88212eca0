"""The main job, end to end, on a house that really runs: web, worker, beat, both servers.

A clerk registers a company and opens its bundle, the network and an installer do their work, the
clock is moved on, usage comes in, the month closes by itself, and the bill says why.
"""

import re
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from bss.demo.logins import PASSWORD
from bss.kernel.periods import Month
from tests.house.running import House, a_place, free_port

pytestmark = pytest.mark.browser

# The line is in service from now on: a new house closes last month as soon as it is up, and a line
# that was there would owe for it (ELG-9).
SCENE = """
from bss.demo.operator import found_operator
from bss.kernel import clock
from billing.services import accounts
from customers.services import registration, subscriptions
from orders.services import resources
from packages_wo.services import holdings
found_operator()
since = clock.now()
owner = registration.register_customer(
    kind="individual", name="王芳", area="010", at=since,
    document=registration.DocumentInput(type="resident_id", number="110105198806054024"))
line = subscriptions.take_over(
    owner_id=owner.pk, service="m2g", number="13011112222", area="010", since=since)
holdings.start_plan(subscription_id=line.pk, plan="M2G-STD", at=since)
accounts.open_independent(subscription_id=line.pk, at=since)
resources.add_numbers(service="broadband", area="010", numbers=["01080000011"])
resources.add_numbers(service="m3g", area="010", numbers=["18611110033"])
"""
COMPANY = "北京晨光商贸有限公司"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_place() as places:
        house = House(places, port=free_port(), log=tmp_path_factory.mktemp("house") / "log")
        with house.running():
            house.manage("shell", "-v0", "-c", SCENE)
            yield house


@pytest.fixture
def as_staff(browser: Browser, house: House) -> Iterator[Callable[[str], Page]]:
    contexts = []

    def signed_in(username: str) -> Page:
        context = browser.new_context(base_url=house.url, locale="zh-CN", reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto("/login")
        page.get_by_label("工号").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_label("密码").press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield signed_in
    for context in contexts:
        context.close()


def test_a_company_opens_a_bundle_uses_it_for_a_month_and_gets_its_bill(
    as_staff: Callable[[str], Page], house: House, tmp_path: Path
) -> None:
    clerk, supervisor = as_staff("clerk01"), as_staff("super01")
    this_month = Month.parse(clerk.locator("time").first.get_attribute("datetime")[:7])
    first, second = this_month.next, this_month.plus(2)

    register(clerk)
    open_enhanced_b(clerk)
    complete_work_orders(clerk)

    move_clock(supervisor, f"{first}-01T00:01")
    until(supervisor, "/bundles/", "生效中")

    move_clock(supervisor, f"{second}-01T06:00")
    load_usage(supervisor, first, tmp_path)
    move_clock(supervisor, f"{second}-03T02:01")
    read_bill(supervisor, first)


def register(page: Page) -> None:
    page.goto("/customers/new")
    page.get_by_label("集团客户").check()
    page.get_by_label("客户名称").fill(COMPANY)
    page.get_by_label("长途区号").fill("010")
    page.get_by_label("证件类型").select_option("business_license")
    page.get_by_label("证件号码").fill("91110105MA01C2XK3E")
    page.get_by_label("证件地址").fill("北京市朝阳区幸福路1号")
    page.get_by_label("联系人").fill("李明")
    page.get_by_label("联系电话").fill("13910120001")
    page.get_by_label("通信地址").fill("北京市朝阳区幸福路1号")
    page.get_by_role("button", name="登记").click()
    page.get_by_role("heading", name=COMPANY).wait_for()


def open_enhanced_b(page: Page) -> None:
    page.get_by_role("link", name="开通沃·商务").last.click()
    page.get_by_role("button", name="下一步：选套餐").click()
    page.get_by_role("radio", name="沃·商务增强版 B 136").check()
    page.get_by_role("button", name="下一步：选成员").click()
    page.get_by_label("他人的业务号码").fill("13011112222")
    page.get_by_label(re.compile("同意加入")).last.check()
    page.get_by_role("button", name="加入此号码").click()
    page.get_by_label("加入 13011112222").wait_for()
    for service, number, plan in (
        ("broadband", "01080000011", "ADSL-2M"),
        ("m3g", "18611110033", "3G-96"),
    ):
        page.get_by_label("业务类型").select_option(service)
        page.get_by_role("button", name="选号").click()
        page.get_by_label(number, exact=True).check()
        page.get_by_label("单产品套餐").select_option(plan)
        if service == "broadband":
            page.get_by_label("装机地址").fill("北京市朝阳区幸福路1号")
        page.get_by_role("button", name="取号").click()
        page.get_by_label(f"加入 {number}").wait_for()
    for number in ("13011112222", "01080000011", "18611110033"):
        page.get_by_label(f"加入 {number}").check()
    page.get_by_role("button", name="下一步：加装包").click()
    page.get_by_role("button", name="下一步：预览").click()
    for words in ("122.40", "PAR-1", "PAR-3", "PAR-5", "PAR-7", "PAR-8"):
        expect(page.locator("main")).to_contain_text(words)
    page.get_by_role("button", name="提交受理").click()
    page.get_by_role("link", name="受理单").wait_for()


def complete_work_orders(page: Page) -> None:
    """The platform does what it can by itself; the installer's work is reported here."""
    order = page.url
    until(page, order, re.compile(r"人工"))
    patience = time.monotonic() + 60
    while "可施工" in page.locator("tr", has_text="平台自动").all_inner_texts().__str__():
        assert time.monotonic() < patience, "the platform's work orders stay undone"
        time.sleep(1)
        page.goto(order)
    page.get_by_role("button", name="全部完成").click()
    page.get_by_text("已竣工").first.wait_for()


def move_clock(page: Page, moment: str) -> None:
    page.goto("/clock")
    page.get_by_label("业务时间调到").fill(moment)
    page.get_by_role("button", name="调整业务时间").click()
    page.get_by_text("业务时间已调到").first.wait_for()


def load_usage(page: Page, month: Month, directory: Path) -> None:
    head = "record_id,service_number,call_type,other_number,start_at,duration_s"
    calls = (
        ("r1", "01088880001", "05T09:00:00", 20400),  # 340 of the 350 minutes
        ("r2", "02166660001", "06T09:00:00", 600),  # the last 10
        ("r3", "01088880001", "07T09:00:00", 240),  # 4 beyond: 0.60
        ("r4", "01088880001", "08T09:00:00", -1),  # kept with its reason
    )
    rows = [f"{key},13011112222,mo,{other},{month}-{at},{s}" for key, other, at, s in calls]
    path = directory / "calls.csv"
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    page.goto(f"/billing/months/{month}")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="上传并装载").click()
    page.get_by_text("calls.csv").first.wait_for()


def read_bill(page: Page, month: Month) -> None:
    until(page, f"/billing/months/{month}", "219.00")
    page.goto("/billing/bills/")
    page.get_by_role("row", name=re.compile("219.00")).get_by_role("link").first.click()
    page.get_by_role("heading", name=f"{month} 帐单").wait_for()
    for amount in ("122.40", "96.00", "0.60", "219.00"):
        expect(page.locator("main")).to_contain_text(amount)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").click()
    text = "".join(
        sheet.extract_text()
        for sheet in PdfReader(BytesIO(Path(download.value.path()).read_bytes())).pages
    )
    for words in (COMPANY, "122.40", "219.00", str(month)):
        assert words in text
    page.get_by_role("link", name="本地通话费", exact=True).click()
    for words in ("共享时长 350 分钟已用完；超出 4 分钟 × 0.15 元 = 0.60 元", "RAT-8"):
        expect(page.locator("main")).to_contain_text(words)


def until(page: Page, address: str, words: str | re.Pattern[str], *, seconds: int = 90) -> None:
    """Look at the page again until it says so."""
    patience = time.monotonic() + seconds
    while True:
        page.goto(address)
        found = page.locator("main").get_by_text(words)
        if found.count():
            return
        assert time.monotonic() < patience, f"{address} does not come to say {words}"
        time.sleep(1)
