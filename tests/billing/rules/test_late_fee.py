from datetime import date
from decimal import Decimal

from billing.rules.late_fee import Paid, Terms, accrued, late_fee

DUE = date(2026, 11, 30)
THREE = Terms(per_mille_a_day=Decimal(3), cap_percent=100)


def fee(fen: int, *payments: Paid, after: str, until: str, terms: Terms = THREE) -> int:
    return late_fee(
        fen,
        payments,
        due_on=DUE,
        after=date.fromisoformat(after),
        until=date.fromisoformat(until),
        terms=terms,
    )


def test_each_day_after_the_due_day_costs_per_mille_of_what_is_unpaid_at_its_end() -> None:
    # 100 yuan, 31 days of December, 3 per mille a day: 9.30 yuan
    assert fee(100_00, after="2026-11-30", until="2026-12-31") == 930_00


def test_the_day_of_the_payment_costs_nothing_of_what_was_paid() -> None:
    paid = Paid(on=date(2026, 12, 11), amount_fen=60_00)
    # 10 days of 100 yuan, 21 of 40: (1000 + 840) x 0.003
    assert fee(100_00, paid, after="2026-11-30", until="2026-12-31") == 552_00


def test_paid_on_the_due_day_nothing_is_late() -> None:
    assert fee(100_00, Paid(on=DUE, amount_fen=100_00), after="2026-11-30", until="2026-12-31") == 0


def test_months_share_the_days_without_gap_or_overlap() -> None:
    december = fee(33_33, after="2026-11-30", until="2026-12-31")
    january = fee(33_33, after="2026-12-31", until="2027-01-31")
    whole = accrued(33_33, [], due_on=DUE, until=date(2027, 1, 31), terms=THREE)
    assert december + january == whole == 619_94  # 33.33 x 62 x 0.003 = 6.19938


def test_it_never_costs_more_than_the_line() -> None:
    half = Terms(per_mille_a_day=Decimal(3), cap_percent=50)
    assert fee(100_00, after="2026-11-30", until="2030-12-31", terms=half) == 50_00_00
    assert fee(100_00, after="2029-12-31", until="2030-12-31", terms=half) == 0


def test_half_a_per_mille_is_a_rate_too() -> None:
    little = Terms(per_mille_a_day=Decimal("0.5"), cap_percent=100)
    assert fee(100_00, after="2026-11-30", until="2026-12-02", terms=little) == 10_00
