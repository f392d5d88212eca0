from datetime import date

import pytest
from django.db import connection

from billing.models import BankMandate, StatementLine
from billing.services import mandates
from billing.services.erasure import forget_customer
from billing.services.merging import move_accounts
from bss.kernel.rulebook import RefusedError
from bss.kernel.sealing import blind_index, key_of
from tests.builders.banks import (
    DRAWN_AT,
    a_mandate,
    a_movement,
    a_number,
    a_statement,
    taken_in,
)
from tests.builders.billing import a_channel, a_customer, a_line, own_account

pytestmark = pytest.mark.django_db

NUMBER = a_number()


@pytest.fixture
def account():
    a_channel()
    return own_account(a_line(a_customer()))


def stored(mandate: BankMandate) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM billing_bankmandate WHERE id = %s", [mandate.pk])
        return cursor.fetchone()[0]


def test_the_number_is_sealed_under_the_owners_key_and_found_by_its_index(account):
    mandate = a_mandate(account, number=f"{NUMBER[:4]}-{NUMBER[4:]}")

    assert NUMBER not in stored(mandate)
    assert key_of(stored(mandate)) == account.owner.data_key_id
    found = BankMandate.objects.get(number_index=blind_index(NUMBER))
    assert (found.number, found.masked_number) == (NUMBER, f"6229********{NUMBER[-4:]}")


def test_the_same_again_is_the_first_and_another_is_refused(account):
    first = a_mandate(account, number=NUMBER)

    assert a_mandate(account, number=NUMBER) == first
    with pytest.raises(RefusedError, match=first.code):
        a_mandate(account, number=a_number("622900009999999"))
    mandates.end(mandate_id=first.pk, at=DRAWN_AT)
    assert a_mandate(account, number=a_number("622900009999999")).pk != first.pk


def test_what_has_ended_says_when_and_stays_ended(account):
    mandate = a_mandate(account)
    by = {"mandate_id": mandate.pk}

    mandates.end(**by, at=DRAWN_AT)
    again = mandates.end(**by, at=DRAWN_AT.replace(year=2027))

    assert (again.ended_at, again.valid_until) == (DRAWN_AT, date(2026, 11, 5))


def test_a_mandate_of_a_merged_customer_is_sealed_under_the_survivors_key(account):
    mandate = a_mandate(account, number=NUMBER)
    survivor = a_customer("北京幸存商行")

    move_accounts(from_id=account.owner_id, to_id=survivor.pk, at=DRAWN_AT)

    assert key_of(stored(mandate)) == survivor.data_key_id
    assert BankMandate.objects.get().number == NUMBER


def test_an_erased_customers_bank_accounts_are_forgotten(account):
    a_mandate(account)
    taken_in(
        a_statement(
            a_movement("R1", 1_00, remark=account.code, payer_name="王小明", payer_number=NUMBER)
        )
    )

    forget_customer(customer_id=account.owner_id)

    kept = BankMandate.objects.get()
    assert (kept.number, kept.number_index, kept.holder) == ("", "", "")
    line = StatementLine.objects.get()
    assert (line.payer_name, line.payer_number, line.payer_index, line.amount_fen) == (
        "", "", "", 1_00,
    )  # fmt: skip
