"""Invoices of a bill and of a prepayment: never a fen twice, never more than was billed (BIL-3)."""

import pytest
from django.db.models import Sum

from billing.batch.cover_prepaid import cover_prepaid
from billing.batch.pay_bills import pay_bills
from billing.models import BillLine, Invoice, InvoiceBook, InvoiceLine, RevenueShare
from billing.queries.invoicing import lines_left
from billing.rules.invoice_parts import left_of
from billing.services import accounts, ledgers
from billing.services.invoice_books import open_book
from billing.services.invoice_reds import reverse
from billing.services.invoices import Part, issue, issue_prepayment
from billing.services.payments import pay
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError
from tests.builders.billing import NEW_YEAR, a_bill, a_channel, a_customer, a_line, moment
from tests.builders.packages import a_catalogue

pytestmark = pytest.mark.django_db
LATER = moment("2026-11-05T10:00")


class House:
    """A company with a unified account that pays two lines, and its bill of October."""

    def __init__(self):
        owner = a_customer()
        self.account = accounts.open_unified(owner_id=owner.pk, name="统一", at=NEW_YEAR)
        self.first = a_line(owner, "01062000001")
        self.second = a_line(owner, "01062000002")
        for line in (self.first, self.second):
            line.pay_relations.update(account=self.account)

    def bill(self, *lines, month="2026-10"):
        bill = a_bill(self.account, month, *(line[:3] for line in lines))
        for line in lines:
            BillLine.objects.filter(bill=bill, subscription=line[0], item=line[1]).update(
                tax_fen=line[3] if len(line) > 3 else 0
            )
        return bill

    def left(self, bill):
        return left_of(lines_left(bill))


@pytest.fixture
def house():
    a_catalogue()
    return House()


@pytest.fixture
def bill(house):
    """100.00 + 10.01 of two numbers, with 9 % in it."""
    return house.bill(
        (house.first, "PLAN_FEE", 10000, 826), (house.second, "VOICE_LOCAL", 1001, 83)
    )


def amounts(invoices):
    return [(invoice.number, invoice.amount_fen, invoice.tax_fen) for invoice in invoices]


def test_a_bill_is_invoiced_whole_under_its_main_number(house, bill):
    (invoice,) = issue(bill_id=bill.pk, key="k", at=LATER)
    assert amounts([invoice]) == [(1, 11001, 909)]
    assert invoice.business_number == "01062000001"
    assert invoice.buyer_name == "北京晨光商贸有限公司"
    assert [(row.item, row.tax_percent, row.amount_fen) for row in invoice.lines.all()] == [
        ("PLAN_FEE", 9, 10000),
        ("VOICE_LOCAL", 9, 1001),
    ]
    assert house.left(bill) == 0


def test_parts_by_amount_sum_to_the_bill_and_to_its_tax(bill):
    parts = (Part(amount_fen=3333), Part(amount_fen=3333, business_number="01062000002"), Part())
    invoices = issue(bill_id=bill.pk, parts=parts, key="k", at=LATER)
    assert [invoice.amount_fen for invoice in invoices] == [3333, 3333, 4335]
    assert sum(invoice.tax_fen for invoice in invoices) == 909
    assert [invoice.number for invoice in invoices] == [1, 2, 3]
    assert invoices[1].business_number == "01062000002"


def test_a_part_by_lines_leaves_the_others(house, bill):
    second = bill.lines.get(subscription=house.second)
    (invoice,) = issue(bill_id=bill.pk, parts=[Part(line_ids=(second.pk,))], key="k", at=LATER)
    assert amounts([invoice]) == [(1, 1001, 83)]
    assert house.left(bill) == 10000


def test_more_than_is_left_is_refused_and_takes_no_number(house, bill):
    with pytest.raises(RefusedError, match=r"BIL-3 可开票金额只有 110\.01 元，不能开 110\.02 元"):
        issue(bill_id=bill.pk, parts=[Part(amount_fen=11002)], key="k", at=LATER)
    assert not Invoice.objects.exists()
    (invoice,) = issue(bill_id=bill.pk, key="k2", at=LATER)
    assert invoice.number == 1
    with pytest.raises(RefusedError, match="没有可开票金额"):
        issue(bill_id=bill.pk, key="k3", at=LATER)


def test_the_same_key_gives_the_first_invoices_and_with_another_body_is_refused(bill):
    parts = [Part(amount_fen=1000), Part(amount_fen=2000)]
    first = issue(bill_id=bill.pk, parts=parts, key="k", at=LATER)
    assert issue(bill_id=bill.pk, parts=parts, key="k", at=LATER) == first
    with pytest.raises(RefusedError, match="PAY-1"):
        issue(bill_id=bill.pk, parts=parts[:1], key="k", at=LATER)
    assert Invoice.objects.count() == 2


def test_anothers_number_and_a_wrong_tax_number_are_refused(bill):
    with pytest.raises(RefusedError, match="号码 01099999999 不属于这个帐户"):
        issue(bill_id=bill.pk, parts=[Part(business_number="01099999999")], key="k", at=LATER)
    with pytest.raises(BadInputError, match="15 到 20 位"):
        issue(bill_id=bill.pk, parts=[Part(buyer_tax_number="12")], key="k", at=LATER)


def test_what_gift_money_paid_is_not_invoiced(house, bill):
    ledgers.open_special(
        account_id=house.account.pk, name="赠", amount_fen=4000, gift=True, at=LATER,
        channel_id=a_channel().pk,
    )  # fmt: skip
    assert house.left(bill) == 7001
    (invoice,) = issue(bill_id=bill.pk, key="k", at=LATER)
    assert (invoice.amount_fen, invoice.tax_fen) == (7001, 579)


def test_a_fee_of_several_rates_is_split_by_rate_to_the_fen(house):
    bill = house.bill((house.first, "BUNDLE_FEE", 10001, 764))
    line = bill.lines.get()
    for service, fen, percent, tax in (("fixed", 6001, 9, 495), ("broadband", 4000, 6, 269)):
        RevenueShare.objects.create(
            line=line, service=service, amount_fen=fen, tax_percent=percent, tax_fen=tax
        )
    invoices = issue(
        bill_id=bill.pk,
        parts=[Part(amount_fen=3334), Part(amount_fen=1), Part()],
        key="k",
        at=LATER,
    )
    sums = (
        InvoiceLine.objects.filter(invoice__in=invoices)
        .values_list("tax_percent")
        .annotate(fen=Sum("amount_fen"), tax=Sum("tax_fen"))
        .order_by("tax_percent")
    )
    assert list(sums) == [(6, 4000, 269), (9, 6001, 495)]


def test_a_credit_goes_with_the_first_part_and_the_parts_sum_to_the_total(house):
    bill = house.bill(
        (house.first, "PLAN_FEE", 10000, 826), (house.second, "ADJUSTMENT", -500, -41)
    )
    invoices = issue(bill_id=bill.pk, parts=[Part(amount_fen=1), Part()], key="k", at=LATER)
    assert [invoice.amount_fen for invoice in invoices] == [1, 9499]
    assert sum(invoice.tax_fen for invoice in invoices) == 785
    assert invoices[0].lines.filter(amount_fen=-500).exists()


def test_a_red_invoice_refers_to_its_own_and_frees_the_amount(house, bill):
    (invoice,) = issue(bill_id=bill.pk, key="k", at=LATER)
    red = reverse(invoice_id=invoice.pk, key="r", reason="抬头写错", at=LATER)
    assert (red.number, red.amount_fen, red.tax_fen) == (2, -11001, -909)
    assert (red.reverses, red.bill) == (invoice, bill)
    assert house.left(bill) == 11001
    (again,) = issue(bill_id=bill.pk, key="k2", at=LATER)
    assert amounts([again]) == [(3, 11001, 909)]
    with pytest.raises(RefusedError, match="已全部红冲"):
        reverse(invoice_id=invoice.pk, key="r2", reason="再来", at=LATER)
    with pytest.raises(RefusedError, match="红字发票不能再红冲"):
        reverse(invoice_id=red.pk, key="r3", reason="再来", at=LATER)


def test_one_line_is_taken_back_and_the_other_stays(house, bill):
    (invoice,) = issue(bill_id=bill.pk, key="k", at=LATER)
    line = invoice.lines.get(item="VOICE_LOCAL")
    red = reverse(invoice_id=invoice.pk, line_ids=[line.pk], key="r", reason="退", at=LATER)
    assert red.amount_fen == -1001
    assert house.left(bill) == 1001
    rest = reverse(invoice_id=invoice.pk, key="r2", reason="退", at=LATER)
    assert rest.amount_fen == -10000


def test_a_large_red_needs_a_second_person(house):
    bill = house.bill((house.first, "PLAN_FEE", 100_000))
    (invoice,) = issue(bill_id=bill.pk, key="k", at=LATER)
    with pytest.raises(RefusedError, match="须由另一位同事审批"):
        reverse(invoice_id=invoice.pk, key="r", reason="错", at=LATER)
    assert reverse(invoice_id=invoice.pk, key="r", reason="错", at=LATER, approved=True)


def test_a_prepayment_is_invoiced_once_and_reduces_the_next_bills(house):
    payment = pay(
        account_id=house.account.pk, amount_fen=5000, key="p", at=LATER, channel_id=a_channel().pk
    )
    prepaid = issue_prepayment(payment_id=payment.pk, key="k", at=LATER)
    assert (prepaid.amount_fen, prepaid.tax_fen) == (5000, 0)
    with pytest.raises(RefusedError, match="没有可开票金额"):
        issue_prepayment(payment_id=payment.pk, key="k2", at=LATER)
    first = house.bill((house.first, "PLAN_FEE", 3000, 248), month="2026-11")
    second = house.bill((house.first, "PLAN_FEE", 3000, 248), month="2026-12")
    pay_bills(account_ids=[house.account.pk], at=LATER)
    with pytest.raises(RefusedError, match="没有可开票金额"):
        issue(bill_id=first.pk, key="b1", at=LATER)
    (rest,) = issue(bill_id=second.pk, key="b2", at=LATER)
    assert (rest.amount_fen, rest.tax_fen) == (1000, 83)


def test_money_that_has_paid_a_bill_is_not_prepaid_any_more(house, bill):
    payment = pay(
        account_id=house.account.pk, amount_fen=12000, key="p", at=LATER, channel_id=a_channel().pk
    )
    prepaid = issue_prepayment(payment_id=payment.pk, key="k", at=LATER)
    assert prepaid.amount_fen == 999
    (invoice,) = issue(bill_id=bill.pk, key="b", at=LATER)
    assert invoice.amount_fen == 11001


def test_taking_a_prepayments_invoice_back_frees_the_bills_it_covered(house):
    payment = pay(
        account_id=house.account.pk, amount_fen=5000, key="p", at=LATER, channel_id=a_channel().pk
    )
    prepaid = issue_prepayment(payment_id=payment.pk, key="k", at=LATER)
    bill = house.bill((house.first, "PLAN_FEE", 6000, 495))
    pay_bills(account_ids=[house.account.pk], at=LATER)
    (part,) = issue(bill_id=bill.pk, key="b", at=LATER)
    assert part.amount_fen == 1000
    reverse(invoice_id=prepaid.pk, key="r", reason="改开帐单发票", at=LATER)
    (rest,) = issue(bill_id=bill.pk, key="b2", at=LATER)
    assert (rest.amount_fen, part.tax_fen + rest.tax_fen) == (5000, 495)


def test_what_a_taken_back_prepayment_covered_the_next_one_covers(house):
    first, second = [
        pay(
            account_id=house.account.pk, amount_fen=fen, key=f"p{fen}", at=LATER,
            channel_id=a_channel().pk,
        )
        for fen in (5000, 2000)
    ]  # fmt: skip
    prepaid = issue_prepayment(payment_id=first.pk, key="k1", at=LATER)
    issue_prepayment(payment_id=second.pk, key="k2", at=LATER)
    bill = house.bill((house.first, "PLAN_FEE", 3000, 248))
    pay_bills(account_ids=[house.account.pk], at=LATER)
    cover_prepaid(account_ids=[house.account.pk], at=LATER)
    assert left_of(lines_left(bill)) == 0

    reverse(invoice_id=prepaid.pk, key="r", reason="改开帐单发票", at=LATER)

    assert left_of(lines_left(bill)) == 1000
    (rest,) = issue(bill_id=bill.pk, key="b", at=LATER)
    assert rest.amount_fen == 1000


def test_a_book_that_is_full_or_closed_issues_nothing(house, bill):
    book = open_book(
        code="T1", name="小簿", seller_name="示范", seller_tax_number="91000000DEMO000001",
        at=LATER, first_number=7, last_number=7,
    )  # fmt: skip
    (invoice,) = issue(bill_id=bill.pk, parts=[Part(amount_fen=1)], key="k", at=LATER)
    assert invoice.full_number == "T1-00000007"
    with pytest.raises(BadInputError, match="号码已用完"):
        issue(bill_id=bill.pk, key="k2", at=LATER)
    InvoiceBook.objects.filter(pk=book.pk).update(closed_at=LATER)
    with pytest.raises(BadInputError, match="没有在用的发票簿"):
        issue(bill_id=bill.pk, key="k3", at=LATER, book_id=book.pk)
