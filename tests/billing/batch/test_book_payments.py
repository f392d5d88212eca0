from random import Random

import pytest

from billing.batch.book_payments import Coming
from billing.models import Bill, BillLine, Entry, Journal, Payment
from billing.queries.house import house_balances, house_ledgers
from billing.rules import house
from billing.services import payments
from billing.services.payment_files import book_and_settle
from channels.models import RevenueFact
from tests.builders.banks import ANSWERED_AT
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, own_account, public_of

pytestmark = pytest.mark.django_db


def an_account(place: int, *due_fen: int):
    line = a_line(a_customer(f"北京第{place}商贸有限公司"), f"0106200{place:04d}")
    for month, fen in enumerate(due_fen, start=1):
        a_bill(own_account(line), f"2026-{month:02d}", (line, "PLAN_FEE", fen))
    return own_account(line)


def booked(*coming: Coming):
    return book_and_settle(
        coming,
        means="cash",
        source_id=house_ledgers()[house.cash_of("cash")],
        channel_id=a_channel().pk,
        at=ANSWERED_AT,
    )


def a_payment(account, fen: int, key: str) -> Coming:
    return Coming(key=key, account_id=account.pk, amount_fen=fen)


def state_of(account) -> dict[str, object]:
    """All that money has left behind, without ids."""
    entries = Entry.objects.filter(ledger__account=account).order_by("id")
    return {
        "cash_fen": public_of(account).cash_fen,
        "bills": list(Bill.objects.filter(account=account).values_list("month", "paid_fen")),
        "lines": list(
            BillLine.objects.filter(bill__account=account)
            .order_by("bill__month")
            .values_list("paid_fen", "paid_gift_fen")
        ),
        "payments": sorted(
            Payment.objects.filter(account=account).values_list(
                "amount_fen", "means", "channel", "at", "journal__kind", "journal__at", "number"
            )
        ),
        "entries": sorted(entries.values_list("journal__kind", "money", "amount_fen")),
        "facts": sorted(
            RevenueFact.objects.filter(customer_id=account.owner_id).values_list(
                "amount_fen", "means", "channel", "at"
            )
        ),
    }


def test_many_at_once_leave_the_same_as_one_by_one():
    # given: the same accounts twice, and the same money for each pair
    random = Random(7)
    amounts = {}
    for place in range(6):
        due = [random.randrange(1, 100_00) for _ in range(random.randrange(3))]
        pair = an_account(place, *due), an_account(place + 100, *due)
        amounts[pair] = [random.randrange(1, 150_00) for _ in range(random.randrange(1, 3))]

    # when
    booked(
        *(
            a_payment(one, sum(given[:1]), f"set-{one.pk}")
            for (one, _other), given in amounts.items()
        )
    )
    for (_one, other), given in amounts.items():
        payments.pay(
            account_id=other.pk,
            amount_fen=given[0],
            key=f"one-{other.pk}",
            at=ANSWERED_AT,
            channel_id=a_channel().pk,
        )

    # then
    for one, other in amounts:
        assert state_of(one) == state_of(other)
    sums = Entry.objects.filter(journal__kind="payment").values_list("journal", "amount_fen")
    assert sum(fen for _journal, fen in sums) == 0


def test_a_key_moves_money_once_and_its_clash_is_told():
    one, two = an_account(1), an_account(2)
    first = booked(a_payment(one, 10_00, "k"))["k"]

    assert booked(a_payment(one, 10_00, "k"))["k"].outcome == "same"
    assert booked(a_payment(one, 11_00, "k"))["k"].outcome == "clash"
    assert booked(a_payment(two, 10_00, "k"))["k"].outcome == "clash"
    assert booked(a_payment(one, 10_00, "k"))["k"].payment_id == first.payment_id
    assert house_balances()["cash:cash"] == -10_00


def test_a_key_twice_in_one_call_counts_once():
    one = an_account(1)

    found = booked(a_payment(one, 10_00, "k"), a_payment(one, 99_00, "k"))

    assert [(key, row.outcome) for key, row in found.items()] == [("k", "booked")]
    assert public_of(one).cash_fen == 10_00


def test_a_key_of_the_desk_is_not_used_again():
    one = an_account(1)
    payments.pay(
        account_id=one.pk,
        amount_fen=10_00,
        key="k",
        at=ANSWERED_AT,
        channel_id=a_channel().pk,
    )

    assert booked(a_payment(one, 10_00, "k"))["k"].outcome == "same"
    assert public_of(one).cash_fen == 10_00


def test_an_account_that_is_not_there_is_told_and_the_rest_is_booked():
    one = an_account(1)

    found = booked(Coming(key="x", account_id=10**9, amount_fen=1), a_payment(one, 5_00, "k"))

    assert {key: row.outcome for key, row in found.items()} == {"x": "unknown", "k": "booked"}
    assert Journal.objects.filter(kind="payment").count() == 1
