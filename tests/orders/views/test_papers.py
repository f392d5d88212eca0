"""受理单 and 协议: their text, pages and fonts."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from orders.models import Order
from tests.builders.orders import a_company, a_new, a_single, a_subscription, accepted, an_opening
from tests.orders.views.people import a_member_of_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    company = a_company()
    line = a_new("line", "fixed")
    mobile = a_subscription(company, "m2g")
    return accepted(an_opening(company, line.key, mobile, new=(line,)))


@pytest.fixture
def page(client, settings):
    settings.BUSINESS_TIME = "2026-09-15T15:00"
    client.force_login(a_member_of_staff())
    return client


def read(page, address):
    response = page.get(address)
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(response.content))


def text_of(reader):
    return "".join(sheet.extract_text() for sheet in reader.pages).replace("\n", "")


def fonts_of(reader):
    return {
        font.get_object()["/BaseFont"]
        for sheet in reader.pages
        for font in sheet["/Resources"]["/Font"].values()
    }


def test_the_acceptance_form_says_who_what_and_how_much(page, order):
    reader = read(page, f"/orders/{order.code}/acceptance.pdf")
    text = text_of(reader)
    for wanted in (
        "业务受理单",
        order.code,
        "北京晨光商贸有限公司",
        "沃·商务基础版 方案 A 106 元档",
        "106.00",
        "装机开户",
        "58.00",
        "PAR-5",
        f"1 / {len(reader.pages)}",
    ):
        assert wanted in text, wanted
    assert "91110105MA01C2XK3E" not in text
    fonts = fonts_of(reader)
    assert fonts
    assert all("+Papers" in name for name in fonts)


def test_the_agreement_says_what_both_sides_keep_to(page, order):
    text = text_of(read(page, f"/orders/{order.code}/agreement.pdf"))
    for wanted in ("沃·商务融合套餐业务服务协议", "750 分钟/月", "0.15 元/分钟", "EFF-1", "1 / "):
        assert wanted in text, wanted


def test_single_user_business_has_an_acceptance_form_and_no_agreement(page):
    line = a_subscription(a_company(), "fixed")
    order = accepted(a_single(line, "hold"))
    text = text_of(read(page, f"/orders/{order.code}/acceptance.pdf"))
    assert "停机保号" in text
    assert line.number in text
    assert page.get(f"/orders/{order.code}/agreement.pdf").status_code == 404
