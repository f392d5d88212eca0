from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from tests.billing.views.house import a_member_of_staff
from tests.builders.billing import a_bill
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db


def test_a_fee_says_its_rule_and_its_arithmetic(page, october):
    text = page.get(f"/billing/bills/{october.fee_bill.pk}").content.decode()
    assert "A 方案 56 元档：月费 56.00 元，整月收取。" in text
    assert "EFF-4" in text
    assert "2026-10 帐单" in text


def test_every_line_of_a_bill_leads_to_its_page_and_to_a_case(page, october):
    bill = october.call_bill
    text = page.get(f"/billing/bills/{bill.pk}").content.decode()
    for line in bill.lines.all():
        assert f"/billing/bills/{bill.pk}/lines/{line.pk}" in text
        assert f"/cases/new?bill_line={line.pk}" in text


def test_a_line_opens_to_its_calls_with_how_the_pool_stood(page, october):
    line = october.call_bill.lines.get(item="VOICE_LOCAL")
    response = page.get(f"/billing/bills/{line.bill_id}/lines/{line.pk}")
    assert [row["sentence"] for row in response.context["rows"]] == [
        "共享时长已用 0/60，免费 50 分钟",
        "共享时长已用 50/60，免费 10 分钟；超出 5 分钟 × 0.15 元 = 0.75 元",
    ]
    assert response.context["rounding"] == "2 条话单合计 0.75 元，四舍五入到分 = 0.75 元。"
    (way,) = response.context["sums"]
    assert (way.records, way.free_units, way.charged_units, way.amount_hao) == (2, 60, 5, 7500)
    assert "RAT-8" in response.content.decode()


def test_the_called_numbers_are_masked_on_the_page_and_in_the_file(page, october):
    line = october.call_bill.lines.get(item="VOICE_LOCAL")
    url = f"/billing/bills/{line.bill_id}/lines/{line.pk}"
    shown = page.get(url).content.decode()
    page.force_login(a_staff("supervisor", username="exporter"))
    file = page.get(f"{url}?export=csv").content.decode("utf-8-sig")
    assert "010****0001" in shown
    assert "01088880001" not in shown + file
    assert len(file.strip().splitlines()) == 3


def test_the_paper_carries_lines_totals_and_page_numbers(page, october):
    bill = october.call_bill
    response = page.get(f"/billing/bills/{bill.pk}.pdf")
    assert response["Content-Type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(response.content)).pages)
    for words in ("电信业务帐单", "本地通话费", "0.75", "01062000001", "1 / 1", "2026-11-30"):
        assert words in text


def test_the_trend_tells_the_difference_to_last_month(page, october):
    before = a_bill(october.own, "2026-09", (october.f1, "PLAN_FEE", 1000))
    bill = october.call_bill
    trend = page.get(f"/billing/bills/{bill.pk}").context["trend"]
    assert trend["rows"] == [("2026-09", 1000), ("2026-10", bill.total_fen)]
    assert trend["words"] == f"比上月少 {(1000 - bill.total_fen) / 100:.2f} 元"
    assert before in trend["bills"]


def test_a_bill_asks_the_database_the_same_however_long_it_is(page, october):
    def asked(bill):
        with CaptureQueriesContext(connection) as queries:
            assert page.get(f"/billing/bills/{bill.pk}").status_code == 200
        return len(queries)

    items = ("PLAN_FEE", "SMS", "DATA")
    subscriptions = list(october.operator.subscriptions.values())
    short = a_bill(october.unified, "2026-08", *((october.f1, item, 100) for item in items))
    long = a_bill(
        october.unified,
        "2026-07",
        *((line, item, 100) for line in subscriptions[:4] for item in items),
    )
    page.get(f"/billing/bills/{short.pk}")
    assert asked(long) == asked(short)


@pytest.mark.parametrize("tail", ["", ".pdf", "/lines/{line}"])
def test_another_managers_bill_is_not_there(client, october, tail):
    bill = october.call_bill
    client.force_login(a_member_of_staff("account_manager"))
    path = f"/billing/bills/{bill.pk}{tail}".format(line=bill.lines.first().pk)
    assert client.get(path).status_code == 404


def test_a_line_of_another_bill_is_not_there(page, october):
    line = october.fee_bill.lines.first()
    assert page.get(f"/billing/bills/{october.call_bill.pk}/lines/{line.pk}").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("month=2026-10", True),
        ("month=2026-09", False),
        ("state=due", True),
        ("state=paid", False),
        ("state=overdue", False),
        ("q=01062000001", True),
        ("q=01062000009", False),
    ],
)
def test_bills_are_filtered_by_the_address(page, october, query, found):
    bills = [bill for bill, *_ in page.get(f"/billing/bills/?{query}").context["rows"]]
    assert (october.call_bill in bills) is found


def test_bills_are_exported(page, october):
    page.force_login(a_staff("supervisor", username="exporter"))
    file = page.get("/billing/bills/?q=01062000001&export=csv").content.decode("utf-8-sig")
    assert f"2026-10 帐单,{october.own.code},北京晨光商贸有限公司,0.75,0.00,0.75" in file
