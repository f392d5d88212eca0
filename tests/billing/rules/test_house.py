from collections import Counter

from billing.rules import house


def test_every_subject_has_a_number_and_a_ledger_of_its_own() -> None:
    codes = Counter(ledger.code for ledger in house.LEDGERS)
    names = Counter(house.NAMES)
    assert max(codes.values()) == max(names.values()) == 1


def test_the_chart_stands_in_the_order_of_its_numbers() -> None:
    codes = [ledger.code for ledger in house.LEDGERS]
    assert codes == sorted(codes)


def test_every_means_item_and_world_has_its_ledger() -> None:
    wanted = {
        *map(house.cash_of, house.MEANS),
        *map(house.revenue_of, house.ITEMS),
        *map(house.clearing_of, house.CLEARINGS),
    }
    assert wanted <= set(house.NAMES)


def test_only_a_charge_item_has_its_title_from_elsewhere() -> None:
    untitled = {ledger.name for ledger in house.LEDGERS if not ledger.title}
    assert untitled == {house.revenue_of(item) for item in house.ITEMS}
