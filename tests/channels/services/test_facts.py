import pytest
from django.db import IntegrityError, connection, transaction

from channels.models import RevenueFact, SaleFact
from channels.services.facts import record_revenue, record_sale
from tests.channels.somewhere import NOON, a_channel

pytestmark = pytest.mark.django_db


def a_sale(**changes):
    facts = {
        "channel_id": a_channel().pk,
        "staff_id": None,
        "order_ref": "O1",
        "business": "open_bundle",
        "item": "basic-A-106",
        "customer_id": 7,
        "monthly_fen": 10600,
        "accepted_at": NOON,
        "completed_at": NOON,
    }
    return record_sale(**facts | changes)


def some_revenue(**changes):
    facts = {
        "channel_id": a_channel().pk,
        "staff_id": None,
        "payment_ref": "p1",
        "customer_id": 7,
        "means": "cash",
        "amount_fen": 20000,
        "at": NOON,
    }
    return record_revenue(**facts | changes)


def test_a_sale_is_recorded_as_told():
    fact = a_sale()
    assert (fact.channel.code, fact.item, fact.monthly_fen) == ("HALL-01", "basic-A-106", 10600)
    assert fact.completed_at == NOON


def test_the_same_sale_told_twice_is_one_fact():
    assert a_sale() == a_sale()
    assert SaleFact.objects.count() == 1


def test_a_sale_told_again_with_another_amount_is_an_error():
    a_sale()
    with pytest.raises(ValueError, match="O1 basic-A-106"):
        a_sale(monthly_fen=1)
    assert SaleFact.objects.get().monthly_fen == 10600


def test_one_order_may_sell_several_items():
    a_sale()
    a_sale(item="STATIC-IP", monthly_fen=5000)
    assert SaleFact.objects.count() == 2


def test_money_given_back_is_a_fact_of_its_own():
    some_revenue()
    some_revenue(payment_ref="p1/reversal", amount_fen=-20000)
    assert sorted(RevenueFact.objects.values_list("amount_fen", flat=True)) == [-20000, 20000]


def test_the_same_payment_told_twice_is_one_fact():
    assert some_revenue() == some_revenue()
    with pytest.raises(ValueError, match="p1"):
        some_revenue(amount_fen=1)
    assert RevenueFact.objects.count() == 1


@pytest.mark.parametrize("table", ["channels_salefact", "channels_revenuefact"])
@pytest.mark.parametrize("change", ["UPDATE {} SET customer_id = 1", "DELETE FROM {}"])
def test_the_database_keeps_facts_as_they_are(table, change):
    a_sale()
    some_revenue()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))
    assert SaleFact.objects.get().customer_id == 7
    assert RevenueFact.objects.get().customer_id == 7
