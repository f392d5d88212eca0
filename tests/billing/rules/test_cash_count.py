import pytest

from billing.rules.cash_count import DENOMINATIONS, Compared, change_of, compare, worth_of


def test_every_denomination_once_is_worth_186_yuan_68_fen():
    assert worth_of({fen: 1 for fen, _ in DENOMINATIONS}) == 186_68


@pytest.mark.parametrize("pieces", [{3: 1}, {100: -1}, {100: 100_001}])
def test_an_impossible_count_is_worth_nothing(pieces):
    with pytest.raises(ValueError, match="fen"):
        worth_of(pieces)


def test_cash_is_compared_with_its_float():
    found = compare(
        system={"cash": -50, "card": 700}, cash_fen=9_900, slips={"card": 600}, float_fen=10_000
    )
    assert found == (
        Compared(means="cash", system_fen=9_950, counted_fen=9_900),
        Compared(means="card", system_fen=700, counted_fen=600),
        Compared(means="cheque", system_fen=0, counted_fen=0),
        Compared(means="transfer", system_fen=0, counted_fen=0),
    )
    assert [one.difference_fen for one in found] == [-50, -100, 0, 0]


def test_change_is_what_was_received_beyond_the_amount():
    assert change_of(amount_fen=87_65, received_fen=100_00) == 12_35
    assert change_of(amount_fen=87_65, received_fen=87_65) == 0
    assert change_of(amount_fen=87_65, received_fen=87_64) is None
