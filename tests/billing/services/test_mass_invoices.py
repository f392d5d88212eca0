"""A month's invoices in one statement are what one by one would have been."""

import pytest

from billing.batch.pay_bills import pay_bills
from billing.models import BillLine, Invoice, InvoiceLine, RevenueShare
from billing.services import accounts, ledgers
from billing.services.invoices import Part, issue, issue_prepayment
from billing.services.mass_invoices import issue_month
from billing.services.payments import pay
from bss.kernel.periods import Month
from tests.builders.billing import NEW_YEAR, a_bill, a_channel, a_customer, a_line, moment
from tests.builders.packages import a_catalogue

pytestmark = pytest.mark.django_db
LATER = moment("2026-11-05T10:00")
OCTOBER = Month(2026, 10)


def a_twin(number):
    """An account with a bill of several rates, a credit, gift money and a covered prepayment."""
    owner = a_customer()
    account = accounts.open_unified(owner_id=owner.pk, name=f"统一{number}", at=NEW_YEAR)
    line = a_line(owner, number)
    line.pay_relations.update(account=account)
    ledgers.open_special(
        account_id=account.pk, name="赠", amount_fen=777, gift=True, at=LATER,
        channel_id=a_channel().pk, scope=ledgers.Scope(items=("SMS",)),
    )  # fmt: skip
    payment = pay(
        account_id=account.pk, amount_fen=1234, key=number, at=LATER, channel_id=a_channel().pk
    )
    issue_prepayment(payment_id=payment.pk, key=number, at=LATER)
    bill = a_bill(account, "2026-10", (line, "BUNDLE_FEE", 10001), (line, "SMS", 2999))
    fee = bill.lines.get(item="BUNDLE_FEE")
    for service, fen, percent, tax in (("fixed", 6001, 9, 495), ("broadband", 4000, 6, 226)):
        RevenueShare.objects.create(
            line=fee, service=service, amount_fen=fen, tax_percent=percent, tax_fen=tax
        )
    BillLine.objects.filter(pk=fee.pk).update(tax_fen=721)
    BillLine.objects.filter(bill=bill, item="SMS").update(tax_fen=248)
    pay_bills(account_ids=[account.pk], at=LATER)
    issue(bill_id=bill.pk, parts=[Part(amount_fen=333)], key=f"part-{number}", at=LATER)
    return bill


def rows_of(bill):
    lines = InvoiceLine.objects.filter(invoice__bill=bill).order_by("invoice", "position")
    return list(lines.values_list("item", "tax_percent", "amount_fen", "tax_fen"))


def test_a_month_in_one_statement_is_what_one_by_one_is():
    a_catalogue()
    one, other = a_twin("01062000001"), a_twin("01062000002")
    issue(bill_id=one.pk, key="k", at=LATER)
    done = issue_month(month=OCTOBER, at=LATER)
    assert done.invoices == 1
    assert rows_of(other) == rows_of(one)
    assert sum(row[2] for row in rows_of(other)) == 13000 - 777 - 1234
    assert issue_month(month=OCTOBER, at=LATER).invoices == 0


def test_the_numbers_follow_the_accounts_without_a_gap():
    a_catalogue()
    owner = a_customer()
    for n in range(3):
        line = a_line(owner, f"0106200010{n}")
        account = line.own_accounts.get()
        a_bill(account, "2026-10", (line, "PLAN_FEE", 1000 + n))
    done = issue_month(month=OCTOBER, at=LATER)
    assert (done.invoices, done.amount_fen) == (3, 3003)
    assert list(Invoice.objects.order_by("account").values_list("number", "amount_fen")) == [
        (1, 1000),
        (2, 1001),
        (3, 1002),
    ]
