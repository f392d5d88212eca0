"""Pages of invoices: split with its sums, list, files by schema, red ones with a second person."""

import json
from io import BytesIO
from pathlib import Path

import jsonschema
import pytest
import xmlschema
from pypdf import PdfReader

from billing.models import Invoice
from billing.services.invoice_reds import reverse
from billing.services.invoices import issue, issue_prepayment
from billing.services.payments import pay
from bss.kernel import approvals
from bss.kernel.models import Approval
from tests.billing.views.house import a_member_of_staff
from tests.builders.billing import a_bill, a_channel, moment

pytestmark = pytest.mark.django_db
NOON = moment("2026-11-05T12:00")
SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "schemas"


@pytest.fixture
def bill(october):
    """120.00 of one number on its own account."""
    return a_bill(october.own, "2026-09", (october.f1, "PLAN_FEE", 9000), (october.f1, "SMS", 3000))


def split(page, bill, **said):
    body = {"request_key": "k1", "how": "whole", "act": "issue", **said}
    return page.post(f"/billing/bills/{bill.pk}/invoices", body)


def test_the_form_says_what_is_left(page, bill):
    text = page.get(f"/billing/bills/{bill.pk}/invoices").content.decode()
    assert "120.00" in text
    assert "余下的全部开一张" in text


def test_the_sums_are_told_without_script_and_nothing_is_issued(page, bill):
    response = split(page, bill, how="amounts", amount_1="50", amount_2="30.5", act="check")
    assert response.status_code == 200
    assert [(row.amount_fen, row.left_fen) for row in response.context["planned"]] == [
        (5000, 7000),
        (3050, 3950),
    ]
    assert not Invoice.objects.exists()


def test_a_split_by_amount_issues_each_part_once(page, bill):
    for _ in range(2):
        response = split(page, bill, how="amounts", amount_1="50", amount_2="70")
        assert response.status_code == 302
    assert list(Invoice.objects.order_by("pk").values_list("number", "amount_fen")) == [
        (1, 5000),
        (2, 7000),
    ]
    assert "没有可开票金额" in page.get(f"/billing/bills/{bill.pk}/invoices").content.decode()


def test_chosen_lines_are_invoiced_alone(page, bill):
    line = bill.lines.get(item="SMS")
    response = split(page, bill, how="lines", line=[str(line.pk)])
    assert Invoice.objects.get().amount_fen == 3000
    assert response["Location"] == f"/billing/invoices/{Invoice.objects.get().pk}"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"how": "amounts", "amount_1": "120.01"}, "可开票金额只有 120.00 元，不能开 120.01 元"),
        ({"how": "amounts"}, "请至少填写一张发票的金额。"),
        ({"how": "lines"}, "请至少选一项费用。"),
        ({"buyer_tax_number": "123"}, "纳税人识别号应为 15 到 20 位"),
        ({"request_key": ""}, "表单已失效"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(page, bill, said, sentence):
    response = split(page, bill, **said)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Invoice.objects.exists()


def test_the_list_finds_by_number_and_state_and_goes_out(page, bill):
    (invoice,) = issue(bill_id=bill.pk, key="k", at=NOON)
    reverse(invoice_id=invoice.pk, key="r", reason="错", at=NOON)
    assert "WO0001-00000002" in page.get("/billing/invoices/?q=WO0001-00000002").content.decode()
    found = page.get("/billing/invoices/?state=reversed").context["rows"]
    assert [row[0].pk for row in found] == [invoice.pk]
    file = page.get("/billing/invoices/?export=csv").content.decode("utf-8-sig")
    assert "WO0001-00000001" in file
    assert "-120.00" in file
    shown = page.get("/billing/invoices/").content.decode()
    assert "010****0001" in shown
    assert "01062000001" not in shown + file


def files_of(page, invoice):
    as_json = page.get(f"/billing/invoices/{invoice.pk}.json").content
    as_xml = page.get(f"/billing/invoices/{invoice.pk}.xml").content
    return json.loads(as_json), as_xml


def test_every_kind_goes_out_as_its_schemas_say(page, october, bill):
    (whole,) = issue(bill_id=bill.pk, key="k", at=NOON)
    red = reverse(invoice_id=whole.pk, key="r", reason="抬头写错", at=NOON)
    payment = pay(
        account_id=october.own.pk, amount_fen=50000, key="p", at=NOON, channel_id=a_channel().pk
    )
    prepaid = issue_prepayment(payment_id=payment.pk, key="pre", at=NOON)
    schema = json.loads((SCHEMAS / "e-invoice.schema.json").read_text(encoding="utf-8"))
    xsd = xmlschema.XMLSchema(SCHEMAS / "e-invoice.xsd")
    for invoice in (whole, red, prepaid):
        document, xml = files_of(page, invoice)
        jsonschema.validate(document, schema)
        xsd.validate(xml.decode())
    document, _ = files_of(page, red)
    assert document["reverses"] == "WO0001-00000001"
    assert document["total"]["grossAmount"] == "-120.00"


def test_the_schema_refuses_a_red_one_that_refers_to_nothing(page, bill):
    (whole,) = issue(bill_id=bill.pk, key="k", at=NOON)
    schema = json.loads((SCHEMAS / "e-invoice.schema.json").read_text(encoding="utf-8"))
    document, _ = files_of(page, whole)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "kind": "red"}, schema)


def test_the_paper_says_number_amount_and_that_it_is_a_copy(page, bill):
    (invoice,) = issue(bill_id=bill.pk, key="k", at=NOON)
    response = page.get(f"/billing/invoices/{invoice.pk}.pdf")
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(response.content)).pages)
    for words in ("电子发票", "副本", "WO0001-00000001", "120.00", "单产品月费", "01062000001"):
        assert words in text


def test_a_small_red_is_done_at_once(page, bill):
    (invoice,) = issue(bill_id=bill.pk, key="k", at=NOON)
    url = f"/billing/invoices/{invoice.pk}/reverse"
    assert page.post(url, {"request_key": "r"}).status_code == 422
    response = page.post(url, {"request_key": "r", "reason": "抬头写错"})
    red = Invoice.objects.get(kind="red")
    assert response["Location"] == f"/billing/invoices/{red.pk}"
    assert (red.amount_fen, red.reverses_id) == (-12000, invoice.pk)


def test_a_large_red_waits_for_a_second_person(page, october):
    bill = a_bill(october.own, "2026-09", (october.f1, "PLAN_FEE", 100_000))
    (invoice,) = issue(bill_id=bill.pk, key="k", at=NOON)
    page.post(f"/billing/invoices/{invoice.pk}/reverse", {"request_key": "r", "reason": "抬头写错"})
    assert not Invoice.objects.filter(kind="red").exists()
    other = a_member_of_staff("supervisor", username="second")
    approval = Approval.objects.get(kind="invoice.reverse")
    approvals.decide(approval_id=approval.pk, decided_by_id=other.pk, approve=True, at=NOON)
    red = Invoice.objects.get(kind="red")
    assert (red.amount_fen, red.by_id) == (-100_000, approval.asked_by_id)


def test_a_prepayment_is_invoiced_from_its_payment(page, october):
    payment = pay(
        account_id=october.unified.pk, amount_fen=90000, key="p", at=NOON, channel_id=a_channel().pk
    )
    url = f"/billing/payments/{payment.pk}/invoice"
    left_fen = page.get(url).context["left_fen"]
    refused = page.post(url, {"request_key": "k", "amount": "900.01"})
    assert refused.status_code == 422
    page.post(url, {"request_key": "k", "amount": f"{left_fen / 100:.2f}"})
    assert Invoice.objects.get().amount_fen == left_fen
    assert "没有可开票金额" in page.get(url).content.decode()
