"""BIL-7: a closed month is corrected on the next bill, at its own rates, by two persons."""

import pytest
from django.db import IntegrityError, connection

from billing.models import Adjustment, Bill, BillLine, Charge, Entry
from billing.queries.house import house_balances
from billing.queries.line_rates import rates_of_line
from billing.services.adjustments import adjust
from billing.services.month_end import close_month
from billing.services.payments import pay
from bss.kernel.errors import BadInputError
from bss.kernel.periods import Month
from bss.kernel.rulebook import RefusedError
from tests.billing.services.test_month_end import a_company_with_a_bundle
from tests.builders.billing import (
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
    public_of,
)
from tests.builders.by_hand import NOON, a_maker, a_reason, an_approval, corrected
from tests.builders.packages import a_catalogue

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


@pytest.fixture
def billed() -> BillLine:
    """October's bundle fee of 136 yuan, issued on 3 November."""
    account, _ = a_company_with_a_bundle()
    close_month(month=OCTOBER, at=moment("2026-11-03T02:00"))
    return BillLine.objects.get(bill__account=account)


def test_a_credit_stands_on_the_next_bill_and_pays_its_other_lines(billed: BillLine) -> None:
    corrected(billed, -36_00)
    close_month(month=NOVEMBER, at=moment("2026-12-03T02:00"))

    bill = Bill.objects.get(account=billed.bill.account, month=NOVEMBER.first_day)
    fee, credit = BillLine.objects.filter(bill=bill).order_by("position")
    assert (fee.item, fee.amount_fen, fee.paid_fen) == ("BUNDLE_FEE", 136_00, 36_00)
    assert (credit.item, credit.amount_fen, credit.paid_fen) == ("ADJUSTMENT", -36_00, -36_00)
    assert credit.tax_fen == -297  # 36.00 x 9 / 109, rounded half up
    assert (bill.total_fen, bill.due_fen) == (100_00, 100_00)
    assert house_balances()["receivable"] == -(136_00 + 100_00)
    october = Bill.objects.get(pk=billed.bill_id)
    assert (october.total_fen, october.paid_fen) == (136_00, 0)  # the closed month stays


def test_a_bill_of_more_credit_than_fees_is_the_customers_money(billed: BillLine) -> None:
    account = billed.bill.account
    channel = a_channel().pk
    pay(account_id=account.pk, amount_fen=136_00, key="p", at=NOON, channel_id=channel)
    corrected(billed, -136_00, "a1")
    adjust(
        account_id=account.pk,
        subscription_id=billed.subscription_id,
        amount_fen=-50_00,
        reason_id=a_reason("adjustment", "service_fault"),
        key="a2",
        at=NOON,
        by_id=a_maker().pk,
        approval=an_approval("adjustment.make"),
    )
    close_month(month=NOVEMBER, at=moment("2026-12-03T02:00"))

    bill = Bill.objects.get(account=account, month=NOVEMBER.first_day)
    assert (bill.total_fen, bill.paid_fen, bill.due_fen) == (-50_00, -50_00, 0)
    assert public_of(account).cash_fen == 50_00
    assert house_balances().get("receivable", 0) == 0


def test_a_credit_gives_back_the_tax_at_the_rate_that_the_line_had() -> None:
    # given a line of 2025, when data was 6 %
    a_catalogue()
    line = a_line(a_customer())
    bill = a_bill(own_account(line), "2025-11", (line, "DATA", 106_00))
    BillLine.objects.filter(bill=bill).update(tax_fen=6_00)
    data = bill.lines.get()
    assert rates_of_line(data) == [(6, 106_00)]

    # when
    corrected(data, -53_00)

    # then
    charge = Charge.objects.get()
    assert (charge.tax_percent, charge.amount_fen, charge.item) == (6, -53_00, "ADJUSTMENT")
    assert (charge.account, charge.month) == (bill.account, NOVEMBER.first_day)
    assert Adjustment.objects.get().tax_fen == -3_00


def test_no_line_is_credited_beyond_what_was_billed(billed: BillLine) -> None:
    corrected(billed, -100_00, "a1")
    with pytest.raises(RefusedError) as refused:
        corrected(billed, -36_01, "a2")
    assert refused.value.rules == ["BIL-7"]
    assert "最多还可减免 36.00 元" in str(refused.value)
    assert Adjustment.objects.count() == 1


def test_more_may_be_charged_than_was_billed(billed: BillLine) -> None:
    corrected(billed, 500_00)
    close_month(month=NOVEMBER, at=moment("2026-12-03T02:00"))
    bill = Bill.objects.get(account=billed.bill.account, month=NOVEMBER.first_day)
    assert (bill.total_fen, bill.due_fen) == (636_00, 636_00)


def test_the_same_key_corrects_once(billed: BillLine) -> None:
    first = corrected(billed, -1_00)
    assert corrected(billed, -1_00) == first
    with pytest.raises(RefusedError) as refused:
        corrected(billed, -2_00)
    assert refused.value.rules == ["PAY-1"]
    assert Charge.objects.count() == 1


def test_nothing_is_corrected_by_nothing_and_nobody_elses_line(billed: BillLine) -> None:
    with pytest.raises(BadInputError):
        corrected(billed, 0)
    other = a_line(a_customer("北京另一家商贸有限公司"), "01062000099")
    with pytest.raises(BadInputError):
        adjust(
            account_id=own_account(other).pk,
            bill_line_id=billed.pk,
            amount_fen=-1,
            reason_id=a_reason("adjustment"),
            key="a1",
            at=NOON,
            by_id=a_maker().pk,
            approval=an_approval("adjustment.make"),
        )
    assert not Charge.objects.exists()


def test_after_the_months_close_it_stands_on_the_one_after(billed: BillLine) -> None:
    close_month(month=NOVEMBER, at=moment("2026-12-01T00:30"))
    assert (
        corrected(billed, -1_00, at=moment("2026-11-30T23:59")).month == Month(2026, 12).first_day
    )


def test_what_was_agreed_on_is_never_changed(billed: BillLine) -> None:
    corrected(billed, -1_00)
    with pytest.raises(IntegrityError, match="never changed"), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_adjustment SET amount_fen = -100000")


def test_the_entries_of_every_line_sum_to_what_is_paid_of_it(billed: BillLine) -> None:
    corrected(billed, -36_00)
    close_month(month=NOVEMBER, at=moment("2026-12-03T02:00"))
    account = billed.bill.account
    channel = a_channel().pk
    at = moment("2026-12-05T10:00")
    pay(account_id=account.pk, amount_fen=150_00, key="p", at=at, channel_id=channel)
    for line in BillLine.objects.all():
        paid = sum(Entry.objects.filter(bill_line=line).values_list("amount_fen", flat=True))
        assert -paid == line.paid_fen
