"""PAY-5: cash moves between public ledgers, freely within a customer, and back at most once."""

import pytest

from billing.models import Bill, Transfer
from billing.services.accounts import open_unified
from billing.services.payments import pay
from billing.services.refunds import Payee, refund
from billing.services.transfers import reverse_transfer, transfer
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError
from tests.builders.billing import (
    NEW_YEAR,
    a_bill,
    a_channel,
    a_customer,
    a_line,
    own_account,
    public_of,
)
from tests.builders.by_hand import NOON, a_checker, a_maker, a_reason, an_approval

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return a_line(a_customer())


@pytest.fixture
def source(line):
    account = own_account(line)
    channel = a_channel().pk
    pay(account_id=account.pk, amount_fen=100_00, key="p", at=NOON, channel_id=channel)
    return account


@pytest.fixture
def sister(line):
    return open_unified(owner_id=line.owner_id, name="统一", at=NEW_YEAR)


@pytest.fixture
def stranger():
    return own_account(a_line(a_customer("北京另一家商贸有限公司"), "01062000099"))


def moved(source, target, fen: int, key: str = "t1", **more) -> Transfer:
    return transfer(
        source_id=source.pk,
        target_id=target.pk,
        amount_fen=fen,
        reason_id=a_reason("transfer"),
        key=key,
        at=NOON,
        by_id=a_maker().pk,
        **more,
    )


def cash(account) -> int:
    return public_of(account).cash_fen


def test_to_a_sister_account_it_goes_freely_and_pays_what_is_due_there(
    line, source, sister
) -> None:
    a_bill(sister, "2026-10", (line, "PLAN_FEE", 25_00))
    moved(source, sister, 60_00)
    assert (cash(source), cash(sister)) == (40_00, 35_00)
    assert Bill.objects.get().due_fen == 0


def test_to_another_customer_it_takes_two(source, stranger) -> None:
    with pytest.raises(RefusedError) as refused:
        moved(source, stranger, 60_00)
    assert refused.value.rules == ["PAY-5"]
    moved(source, stranger, 60_00, approval=an_approval("transfer.make"))
    assert (cash(source), cash(stranger)) == (40_00, 60_00)


def test_taken_back_the_bills_that_it_paid_are_due_again(line, source, sister) -> None:
    a_bill(sister, "2026-10", (line, "PLAN_FEE", 50_00))
    made = moved(source, sister, 60_00)
    reverse_transfer(transfer_id=made.pk, at=NOON, by_id=a_maker().pk)

    assert (cash(source), cash(sister)) == (100_00, 0)
    assert Bill.objects.get().due_fen == 50_00
    with pytest.raises(RefusedError) as refused:
        reverse_transfer(transfer_id=made.pk, at=NOON, by_id=a_maker().pk)
    assert "已撤销" in str(refused.value)
    assert (cash(source), cash(sister)) == (100_00, 0)


def test_what_has_left_the_other_account_cannot_be_taken_back(source, sister) -> None:
    made = moved(source, sister, 60_00)
    refund(
        account_id=sister.pk,
        amount_fen=1,
        means="transfer",
        reason_id=a_reason("refund", "overpaid"),
        payee=Payee(name="晨光", bank="示范银行", account="62220000"),
        key="r",
        at=NOON,
        by_id=a_checker().pk,
    )
    with pytest.raises(RefusedError) as refused:
        reverse_transfer(transfer_id=made.pk, at=NOON, by_id=a_maker().pk)
    assert "已从转入帐户转出" in str(refused.value)
    assert (cash(source), cash(sister)) == (40_00, 59_99)


def test_no_more_moves_than_is_there_and_never_to_itself(source, sister) -> None:
    with pytest.raises(RefusedError):
        moved(source, sister, 100_01)
    with pytest.raises(BadInputError):
        moved(source, source, 1_00)
    with pytest.raises(BadInputError):
        moved(source, sister, 0)
    assert (cash(source), cash(sister)) == (100_00, 0)


def test_the_same_key_moves_it_once(source, sister) -> None:
    assert moved(source, sister, 60_00) == moved(source, sister, 60_00)
    with pytest.raises(RefusedError) as refused:
        moved(source, sister, 61_00)
    assert refused.value.rules == ["PAY-1"]
    assert cash(sister) == 60_00
