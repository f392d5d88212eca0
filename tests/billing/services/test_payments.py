import pytest

from billing.models import Account, Bill, BillLine, Payment
from billing.services import accounts, ledgers
from billing.services.moves import move
from billing.services.payments import pay, reverse, top_up
from bss.kernel.rulebook import RefusedError
from customers.models import Subscription
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

pytestmark = pytest.mark.django_db
OCTOBER = moment("2026-10-02T10:00")


@pytest.fixture
def line() -> Subscription:
    return a_line(a_customer())


@pytest.fixture
def unified(line: Subscription) -> Account:
    return accounts.open_unified(owner_id=line.owner_id, name="统一", at=NEW_YEAR)


def money(account: Account) -> tuple[int, int]:
    ledger = public_of(account)
    return ledger.cash_fen, ledger.gift_fen


def pay_in(account: Account, amount_fen: int, key: str = "p1", **more: object) -> Payment:
    return pay(
        account_id=account.pk,
        amount_fen=amount_fen,
        key=key,
        at=OCTOBER,
        channel_id=a_channel().pk,
        **more,
    )


def test_the_same_key_again_gives_the_first_payment_and_moves_nothing(line: Subscription) -> None:
    account = own_account(line)
    first = pay_in(account, 6000)
    assert pay_in(account, 6000) == first
    assert money(account) == (6000, 0)


def test_a_key_with_another_amount_is_refused(line: Subscription) -> None:
    account = own_account(line)
    pay_in(account, 6000)
    with pytest.raises(RefusedError) as caught:
        pay_in(account, 6100)
    assert caught.value.rules == ["PAY-1"]
    assert money(account) == (6000, 0)


def test_a_payment_pays_unpaid_bills_oldest_first(line: Subscription) -> None:
    account = own_account(line)
    accounts.record_arrears(account_id=account.pk, amount_fen=1200, since=NEW_YEAR)
    september = a_bill(account, "2026-09", (line, "PLAN_FEE", 2500))
    august = a_bill(account, "2026-08", (line, "PLAN_FEE", 2500))

    pay_in(account, 4000)

    september.refresh_from_db()
    august.refresh_from_db()
    assert Bill.objects.get(month=None).paid_fen == 1200
    assert (august.paid_fen, september.paid_fen) == (2500, 300)
    assert money(account) == (0, 0)


def test_narrow_ledgers_pay_before_wide_ones_and_gifts_before_cash(
    line: Subscription, unified: Account
) -> None:
    mobile = a_line(line.owner, "13011112222", service="m2g")
    channel = a_channel().pk
    every = {"account_id": unified.pk, "at": OCTOBER, "channel_id": channel}
    wide = ledgers.open_special(
        name="wide", scope=ledgers.Scope(items=("SMS",)), amount_fen=30, **every
    )
    gift = ledgers.open_special(
        name="gift",
        scope=ledgers.Scope(subscriptions=(mobile.pk,)),
        amount_fen=500,
        gift=True,
        **every,
    )
    narrow = ledgers.open_special(
        name="narrow",
        scope=ledgers.Scope(subscriptions=(mobile.pk,), items=("SMS",)),
        amount_fen=40,
        **every,
    )
    bill = a_bill(unified, "2026-09", (mobile, "VOICE_ROAMING", 600), (mobile, "SMS", 100))

    pay_in(unified, 1000)

    for ledger in (wide, gift, narrow):
        ledger.refresh_from_db()
        assert (ledger.cash_fen, ledger.gift_fen) == (0, 0)
    assert money(unified) == (1000 - 100 - 30, 0)
    roaming, texts = BillLine.objects.filter(bill=bill)
    assert (roaming.paid_fen, roaming.paid_gift_fen) == (600, 500)
    assert (texts.paid_fen, texts.paid_gift_fen) == (100, 0)


def test_an_expired_ledger_does_not_pay_the_day_after(line: Subscription, unified: Account) -> None:
    expired = ledgers.open_special(
        account_id=unified.pk,
        name="old",
        amount_fen=500,
        expires_on=OCTOBER.date().replace(day=1),
        at=NEW_YEAR,
        channel_id=a_channel().pk,
    )
    a_bill(unified, "2026-09", (line, "BUNDLE_FEE", 700))
    pay_in(unified, 300)
    expired.refresh_from_db()
    assert expired.cash_fen == 500
    assert Bill.objects.get().paid_fen == 300


def test_a_special_ledger_of_an_independent_account_is_refused(line: Subscription) -> None:
    with pytest.raises(RefusedError) as caught:
        ledgers.open_special(
            account_id=own_account(line).pk,
            name="gift",
            amount_fen=500,
            at=OCTOBER,
            channel_id=a_channel().pk,
        )
    assert caught.value.rules == ["ACC-1"]


def test_a_top_up_goes_to_the_account_that_pays_the_number(line: Subscription) -> None:
    top_up(number=line.number, amount_fen=40, key="t", at=OCTOBER, channel_id=a_channel().pk)
    assert money(own_account(line)) == (40, 0)
    assert Payment.objects.get().number == line.number


def test_a_reversal_takes_the_money_out_of_its_ledger_once(line: Subscription) -> None:
    account = own_account(line)
    pay_in(account, 3000)
    reverse(key="p1", at=OCTOBER)
    assert money(account) == (0, 0)
    with pytest.raises(RefusedError) as caught:
        reverse(key="p1", at=OCTOBER)
    assert caught.value.rules == ["PAY-2"]


def test_an_unknown_payment_is_not_reversed(line: Subscription) -> None:
    with pytest.raises(RefusedError) as caught:
        reverse(key="nothing", at=OCTOBER)
    assert caught.value.rules == ["PAY-2"]


def test_what_the_ledger_lacks_comes_back_from_the_latest_lines(line: Subscription) -> None:
    account = own_account(line)
    first = a_bill(account, "2026-08", (line, "PLAN_FEE", 1000), (line, "SMS", 500))
    pay_in(account, 1500, key="p1")
    second = a_bill(account, "2026-09", (line, "PLAN_FEE", 800))
    pay_in(account, 1000, key="p2")

    reverse(key="p1", at=OCTOBER)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.paid_fen, second.paid_fen) == (1000, 0)
    assert [row.paid_fen for row in first.lines.all()] == [1000, 0]
    assert money(account) == (0, 0)


def test_money_that_has_moved_on_is_not_reversed(line: Subscription, unified: Account) -> None:
    account = own_account(line)
    pay_in(account, 1000)
    move(source=public_of(account), target=public_of(unified), at=OCTOBER)
    with pytest.raises(RefusedError) as caught:
        reverse(key="p1", at=OCTOBER)
    assert caught.value.rules == ["PAY-2"]
    assert money(unified) == (1000, 0)
    assert Payment.objects.get().reversed_at is None


def test_a_transfer_leaves_the_old_account_behind(line: Subscription) -> None:
    old = own_account(line)
    pay_in(old, 700)
    buyer = a_customer("上海虚构贸易有限公司")
    new = accounts.transfer_account(subscription_id=line.pk, new_owner_id=buyer.pk, at=OCTOBER)
    assert accounts.payer_of(line.pk, OCTOBER) == new
    assert accounts.payer_of(line.pk, NEW_YEAR) == old
    assert (money(old), money(new)) == ((700, 0), (0, 0))
    assert own_account(line) == new
