from billing.rules.reversal import LineEntry, take_back


def entry(line: int, amount_fen: int) -> LineEntry:
    return LineEntry(line=line, amount_fen=amount_fen)


def test_the_latest_payment_comes_back_first() -> None:
    paid = [entry(1, 500), entry(2, 300), entry(1, 200)]
    assert take_back(paid, lacking_fen=600) == [entry(1, 200), entry(2, 300), entry(1, 100)]


def test_what_came_back_before_does_not_come_back_again() -> None:
    paid = [entry(1, 500), entry(2, 300), entry(2, -300), entry(1, -100), entry(3, 50)]
    assert take_back(paid, lacking_fen=450) == [entry(3, 50), entry(1, 400)]
    assert take_back(paid, lacking_fen=451) is None


def test_a_ledger_that_has_enough_takes_nothing_back() -> None:
    assert take_back([entry(1, 500)], lacking_fen=0) == []
