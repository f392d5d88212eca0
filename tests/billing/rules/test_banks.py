import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.banks import BANKS, account_of_virtual, luhn_digit, virtual_number


@given(st.sampled_from(sorted(BANKS)), st.integers(1, 10**10 - 1))
def test_a_collecting_number_leads_back_to_its_account(code, account_id):
    assert account_of_virtual(virtual_number(BANKS[code], account_id)) == account_id


@given(st.integers(1, 10**10 - 1), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(account_id, place, more):
    number = virtual_number(BANKS["YZ"], account_id)
    wrong = str((int(number[place]) + more) % 10)
    assert account_of_virtual(number[:place] + wrong + number[place + 1 :]) is None


@pytest.mark.parametrize("number", ["", "1", "９９３１", "6222021001116245702", "x" * 19])
def test_what_is_no_collecting_number_leads_nowhere(number):
    assert account_of_virtual(number) is None


def test_the_check_digit_is_the_banks():
    assert luhn_digit("622202100111624570") == "2"
