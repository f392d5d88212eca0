"""PAY-4: what is given back, out of which drawer, and what is not anybody's to give back."""

import pytest

from billing.models import ClosedMonth, DrawerMovement, Entry, Journal, Ledger, Payment, Refund
from billing.queries.house import house_balances
from billing.queries.refundable import refundable
from billing.queries.till import system_totals
from billing.services.accounts import open_unified
from billing.services.invoice_reds import reverse as take_back
from billing.services.invoices import issue_prepayment
from billing.services.ledgers import open_special
from billing.services.payments import pay, reverse
from billing.services.refund_transfers import return_refund, settle_refund
from billing.services.refunds import Payee, refund
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError
from channels.models import RevenueFact
from customers.models import Subscription
from customers.services import subscriptions
from tests.builders.billing import (
    NEW_YEAR,
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
    public_of,
)
from tests.builders.by_hand import NOON, a_checker, a_maker, a_reason, an_approval
from tests.builders.till import a_shift, taken

pytestmark = pytest.mark.django_db
PAYEE = Payee(name="北京晨光商贸有限公司", bank="示范银行", account="6222000000001234")


@pytest.fixture
def line() -> Subscription:
    return a_line(a_customer())


@pytest.fixture
def account(line):
    return own_account(line)


def paid_in(account, fen: int, key: str = "p1") -> Payment:
    channel = a_channel().pk
    return pay(account_id=account.pk, amount_fen=fen, key=key, at=NOON, channel_id=channel)


def given_back(account, fen: int, key: str = "r1", *, means: str = "transfer", **more) -> Refund:
    asked = {
        "account_id": account.pk,
        "amount_fen": fen,
        "means": means,
        "reason_id": a_reason("refund", "overpaid"),
        "payee": PAYEE,
        "key": key,
        "at": NOON,
        "by_id": a_maker().pk,
    }
    return refund(**(asked | more))


def test_cash_goes_out_of_the_makers_drawer(account) -> None:
    shift = a_shift(a_maker())
    taken(account, a_maker(), 80_00)
    made = given_back(account, 30_00, means="cash")

    assert (made.state, made.settled_at) == ("paid", NOON)
    assert public_of(account).cash_fen == 50_00
    assert system_totals(shift.pk)["cash"] == 50_00
    assert DrawerMovement.objects.get(journal=made.journal).reference == made.code
    assert house_balances() == {"cash:cash": -50_00}
    assert RevenueFact.objects.get(payment_ref=made.code).amount_fen == -30_00


def test_without_an_open_shift_no_cash_is_given_back(account) -> None:
    paid_in(account, 80_00)
    with pytest.raises(RefusedError) as refused:
        given_back(account, 30_00, means="cash")
    assert refused.value.rules == ["PAY-3"]
    assert public_of(account).cash_fen == 80_00


def test_a_drawer_gives_no_more_than_is_in_it(account) -> None:
    a_shift(a_maker(), float_fen=10_00)
    paid_in(account, 80_00)
    with pytest.raises(RefusedError) as refused:
        given_back(account, 10_01, means="cash")
    assert "钱箱里只有 10.00 元现金" in str(refused.value)
    assert given_back(account, 10_00, "r2", means="cash").state == "paid"


def test_a_transfer_is_payable_until_the_bank_has_paid_it(account) -> None:
    paid_in(account, 80_00)
    made = given_back(account, 30_00)
    assert (made.state, made.payee_account) == ("payable", "6222000000001234")
    assert house_balances() == {"cash:cash": -80_00, "refund_payable": 30_00}

    for _ in range(2):
        settle_refund(
            refund_id=made.pk,
            bank_reference="HD1",
            at=moment("2026-11-06T09:00"),
            by_id=a_checker().pk,
        )
    assert house_balances() == {"bank": 30_00, "cash:cash": -80_00, "refund_payable": 0}
    with pytest.raises(RefusedError):
        return_refund(refund_id=made.pk, at=NOON, by_id=a_checker().pk)


def test_what_the_bank_could_not_pay_is_in_the_account_again_and_pays_what_is_due(
    account, line
) -> None:
    paid_in(account, 80_00)
    made = given_back(account, 80_00)
    a_bill(account, "2026-10", (line, "PLAN_FEE", 25_00))
    returned = return_refund(refund_id=made.pk, at=NOON, by_id=a_checker().pk)

    assert returned.state == "returned"
    assert public_of(account).cash_fen == 55_00
    assert house_balances()["refund_payable"] == 0
    reversal = Journal.objects.get(kind=Journal.Kind.REVERSAL)
    assert reversal.reverses == made.journal
    with pytest.raises(RefusedError):
        settle_refund(refund_id=made.pk, bank_reference="X", at=NOON, by_id=a_checker().pk)


def test_beyond_the_limit_of_the_role_it_takes_two(account) -> None:
    paid_in(account, 1_200_00)
    assert given_back(account, 500_00).approval is None
    with pytest.raises(RefusedError) as refused:
        given_back(account, 500_01, "r2")
    assert "须由另一位同事审批" in str(refused.value)
    paid_in(account, 600_00, "p2")
    made = given_back(account, 600_00, "r3", approval=an_approval("refund.make"))
    assert made.amount_fen == 600_00


def test_no_more_goes_back_than_is_there(account) -> None:
    paid_in(account, 80_00)
    with pytest.raises(RefusedError) as refused:
        given_back(account, 80_01)
    assert "可动用的现金只有 80.00 元" in str(refused.value)
    assert not Refund.objects.exists()


def test_what_a_prepayments_invoice_speaks_of_stays_until_it_is_taken_back(account) -> None:
    payment = paid_in(account, 80_00)
    invoice = issue_prepayment(payment_id=payment.pk, key="i1", at=NOON)
    assert refundable(account, at=NOON).free_fen == 0
    with pytest.raises(RefusedError) as refused:
        given_back(account, 80_00)
    assert invoice.full_number in str(refused.value)
    with pytest.raises(RefusedError) as refused:
        reverse(key="p1", at=NOON)
    assert refused.value.rules == ["PAY-2"]

    take_back(invoice_id=invoice.pk, key="red", reason="退款", at=NOON)
    assert given_back(account, 80_00).amount_fen == 80_00


def test_gift_money_is_never_given_back(line) -> None:
    unified = open_unified(owner_id=line.owner_id, name="统一", at=NEW_YEAR)
    channel = a_channel().pk
    open_special(
        account_id=unified.pk, name="赠", amount_fen=90_00, at=NOON, channel_id=channel, gift=True
    )
    paid_in(unified, 10_00)
    assert refundable(unified, at=NOON).free_fen == 10_00
    with pytest.raises(RefusedError):
        given_back(unified, 10_01)


def test_the_rest_of_who_left_waits_for_the_last_bill(account, line) -> None:
    paid_in(account, 80_00)
    with pytest.raises(RefusedError) as refused:
        given_back(account, 80_00, reason_id=a_reason("refund", "ended"))
    assert "仍为 1 个用户付费" in str(refused.value)

    subscriptions.terminate(subscription_id=line.pk, at=NOON)
    found = refundable(account, at=NOON)
    assert (found.ended, found.last_bill_to_come) == (True, True)
    with pytest.raises(RefusedError) as refused:
        given_back(account, 80_00, reason_id=a_reason("refund", "ended"))
    assert "最后一张帐单还没有出" in str(refused.value)

    later = moment("2026-12-04T10:00")
    ClosedMonth.objects.create(month=moment("2026-11-01T00:00").date(), closed_at=later)
    made = given_back(account, 80_00, reason_id=a_reason("refund", "ended"), at=later)
    assert public_of(account).cash_fen == 0
    assert made.reason.words == "销户退余额"


def test_the_same_key_gives_it_back_once(account) -> None:
    paid_in(account, 80_00)
    assert given_back(account, 30_00) == given_back(account, 30_00)
    with pytest.raises(RefusedError) as refused:
        given_back(account, 31_00)
    assert refused.value.rules == ["PAY-1"]
    assert Ledger.objects.get(account=account).cash_fen == 50_00


def test_a_transfer_says_to_which_bank_account(account) -> None:
    paid_in(account, 80_00)
    with pytest.raises(BadInputError) as bad:
        given_back(account, 0, payee=Payee(name=""))
    assert [place for place, _ in bad.value.faults] == ["amount", "payee_name", "payee_account"]
    assert Entry.objects.count() == 2
