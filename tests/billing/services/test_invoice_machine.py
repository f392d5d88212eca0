"""Any order of splits, reds, payments and prepayments never invoices more than was billed."""

from itertools import count

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from billing.batch.pay_bills import pay_bills
from billing.models import BillLine, Invoice, InvoiceBook, InvoiceCover, InvoiceLine, Payment
from billing.queries.invoicing import lines_left, prepaid_left
from billing.rules.invoice_parts import left_of
from billing.rules.taxation import tax_in
from billing.services import accounts, ledgers
from billing.services.invoice_reds import lines_to_reverse, reverse
from billing.services.invoices import Part, issue, issue_prepayment
from billing.services.payments import pay
from bss.kernel.periods import Month
from bss.kernel.rulebook import RefusedError
from tests.builders.billing import NEW_YEAR, a_bill, a_channel, a_customer, a_line
from tests.builders.packages import a_catalogue

pytestmark = pytest.mark.django_db
amounts = st.integers(1, 60)


class InvoiceMachine(RuleBasedStateMachine):
    """One account with bills of two items; the model is the sums that must never be passed."""

    def __init__(self):
        super().__init__()
        a_catalogue()
        owner = a_customer()
        self.line = a_line(owner)
        self.account = accounts.open_unified(owner_id=owner.pk, name="统一", at=NEW_YEAR)
        self.line.pay_relations.update(account=self.account)
        self.channel = a_channel().pk
        self.month = Month(2026, 1)
        self.serial = count(1)
        self.bills = []
        self.gifted = False

    @property
    def at(self):
        return self.month.starts_at

    def key(self):
        return f"k{next(self.serial)}"

    @rule(sms=amounts, fee=amounts)
    def bill(self, sms, fee):
        self.month = self.month.next
        bill = a_bill(
            self.account, str(self.month), (self.line, "PLAN_FEE", fee), (self.line, "SMS", sms)
        )
        for line in bill.lines.all():
            BillLine.objects.filter(pk=line.pk).update(tax_fen=tax_in(line.amount_fen, percent=9))
        self.bills.append(bill)
        pay_bills(account_ids=[self.account.pk], at=self.at)

    @rule(amount=amounts)
    def pay(self, amount):
        pay(
            account_id=self.account.pk, amount_fen=amount, key=self.key(), at=self.at,
            channel_id=self.channel,
        )  # fmt: skip

    @rule(amount=amounts)
    def gift(self, amount):
        self.gifted = True
        ledgers.open_special(
            account_id=self.account.pk, name=self.key(), amount_fen=amount, gift=True, at=self.at,
            channel_id=self.channel,
        )  # fmt: skip

    @precondition(lambda self: self.bills)
    @rule(pick=st.integers(0, 9), parts=st.lists(amounts, min_size=1, max_size=3))
    def split(self, pick, parts):
        bill = self.bills[pick % len(self.bills)]
        left_fen = left_of(lines_left(bill))
        wanted = [Part(amount_fen=fen) for fen in parts]
        if sum(parts) > left_fen:
            with pytest.raises(RefusedError, match="BIL-3"), transaction.atomic():
                issue(bill_id=bill.pk, parts=wanted, key=self.key(), at=self.at)
            return
        issued = issue(bill_id=bill.pk, parts=wanted, key=self.key(), at=self.at)
        assert [invoice.amount_fen for invoice in issued] == parts
        assert left_of(lines_left(bill)) == left_fen - sum(parts)

    @precondition(lambda self: self.bills)
    @rule(pick=st.integers(0, 9))
    def invoice_the_rest(self, pick):
        bill = self.bills[pick % len(self.bills)]
        if left_of(lines_left(bill)):
            issue(bill_id=bill.pk, key=self.key(), at=self.at)
        assert left_of(lines_left(bill)) == 0

    @precondition(lambda self: Payment.objects.exists())
    @rule(pick=st.integers(0, 9))
    def prepay(self, pick):
        payments = list(Payment.objects.order_by("pk"))
        payment = payments[pick % len(payments)]
        if left_fen := prepaid_left(payment):
            invoice = issue_prepayment(payment_id=payment.pk, key=self.key(), at=self.at)
            assert invoice.amount_fen == left_fen

    @precondition(lambda self: Invoice.objects.exclude(kind="red").exists())
    @rule(pick=st.integers(0, 20), whole=st.booleans())
    def take_back(self, pick, whole):
        invoices = list(Invoice.objects.exclude(kind="red").order_by("pk"))
        invoice = invoices[pick % len(invoices)]
        try:
            rows = lines_to_reverse(invoice)
        except RefusedError:
            return
        reverse(
            invoice_id=invoice.pk, line_ids=None if whole else [rows[0].pk], reason="试",
            key=self.key(), at=self.at,
        )  # fmt: skip

    @invariant()
    def nothing_is_invoiced_beyond_its_line(self):
        for line in BillLine.objects.all():
            taken = InvoiceLine.objects.filter(bill_line=line).aggregate(
                fen=Sum("amount_fen", default=0), tax=Sum("tax_fen", default=0)
            )
            cover = InvoiceCover.objects.filter(bill_line=line).aggregate(
                fen=Sum("amount_fen", default=0)
            )["fen"]
            assert 0 <= taken["fen"] + cover <= line.amount_fen
            assert 0 <= taken["tax"] <= line.tax_fen
            if taken["fen"] == line.amount_fen:
                assert taken["tax"] == line.tax_fen

    @invariant()
    def no_fen_that_came_in_is_invoiced_twice(self):
        prepaid = Invoice.objects.filter(payment__isnull=False)
        invoiced = prepaid.aggregate(fen=Sum("amount_fen", default=0))["fen"]
        paid = Payment.objects.aggregate(fen=Sum("amount_fen", default=0))["fen"]
        assert 0 <= invoiced <= paid

    @invariant()
    def the_numbers_have_no_gap(self):
        numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        book = InvoiceBook.objects.first()
        assert book is None or book.next_number == len(numbers) + 1


def _run(examples, steps):
    class Undone(InvoiceMachine):
        def __init__(self):
            self.block = transaction.atomic()
            self.block.__enter__()
            super().__init__()

        def teardown(self):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    run_state_machine_as_test(
        Undone,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_order_keeps_to_the_fen():
    _run(examples=8, steps=25)


@pytest.mark.thorough
def test_any_order_keeps_to_the_fen_for_thousands_of_steps():
    _run(examples=80, steps=60)
