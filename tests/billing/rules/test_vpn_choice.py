from datetime import date

from billing.rules.vpn_choice import VpnGroup, choose_vpn_group


def group(name: str, price_hao: int, minutes: int | None, year: int = 2020) -> VpnGroup:
    return VpnGroup(
        group=name, price_hao=price_hao, included_minutes=minutes, created_on=date(year, 1, 1)
    )


def test_the_lowest_price_after_the_minutes_wins():
    assert choose_vpn_group([group("a", 1500, None), group("b", 1000, 10)]).group == "b"


def test_at_the_same_price_more_minutes_win_and_unlimited_beats_any_number():
    assert choose_vpn_group([group("a", 1500, 300), group("b", 1500, 600)]).group == "b"
    assert choose_vpn_group([group("a", 1500, 9000), group("b", 1500, None)]).group == "b"


def test_at_the_same_price_and_minutes_the_older_group_wins():
    assert choose_vpn_group([group("a", 1500, 300, 2024), group("b", 1500, 300, 2019)]).group == "b"
