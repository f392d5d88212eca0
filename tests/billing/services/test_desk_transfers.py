"""A transfer taken at a desk and the bank's line about it are one sum of money."""

from datetime import date

import pytest

from billing.models import Account, DrawerMovement, Payment, StatementLine, UnidentifiedPayment
from billing.queries.house import house_balances
from billing.services import desk_transfers
from billing.services.payments import reverse
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError
from tests.builders.banks import a_movement, a_statement, taken_in
from tests.builders.billing import a_customer, a_line, own_account, public_of
from tests.builders.by_hand import a_checker, a_maker
from tests.builders.till import NOON, a_shift, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    a_shift(a_maker())
    return own_account(a_line(a_customer()))


def at_the_desk(account: Account, fen: int, reference: str, key: str = "t1") -> DrawerMovement:
    return taken(account, a_maker(), fen, key, means="transfer", reference=reference).movement


def told(*lines: dict, day: date = date(2026, 11, 6)) -> list[StatementLine]:
    file = taken_in(a_statement(*lines, day=day))
    return list(file.movements.order_by("line_no"))


def test_the_same_reference_and_amount_is_the_money_that_the_desk_took(account) -> None:
    movement = at_the_desk(account, 80_00, "yz 2026-0001")
    [line] = told(a_movement("YZ20260001", 80_00, remark=account.code))
    assert (line.state, line.matched_by, line.desk) == ("cleared", "desk", movement)
    assert (Payment.objects.count(), public_of(account).cash_fen) == (1, 80_00)
    assert house_balances() == {"bank": -80_00, "cash:transfer": 0}


@pytest.mark.parametrize(
    ("reference", "fen", "remark", "state"),
    [
        ("B2", 80_00, True, "unidentified"),  # the amount, for the same account
        ("A1", 79_00, True, "unidentified"),  # the reference, another amount
        ("B2", 79_00, True, "booked"),  # nothing alike: money of its own
        ("B2", 80_00, False, "unidentified"),  # nobody's, as ever
    ],
)
def test_what_is_only_like_it_is_left_to_a_person(account, reference, fen, remark, state) -> None:
    at_the_desk(account, 80_00, "A1")
    [line] = told(a_movement(reference, fen, remark=account.code if remark else ""))
    assert line.state == state


def test_two_of_the_same_are_left_to_a_person(account) -> None:
    at_the_desk(account, 80_00, "A1")
    at_the_desk(account, 80_00, "A1", "t2")
    [line] = told(a_movement("A1", 80_00, remark=account.code))
    assert line.state == "unidentified"
    assert len(desk_transfers.desk_transfers_like(line)) == 2


@pytest.mark.parametrize(("day", "state"), [(12, "cleared"), (13, "booked")])
def test_seven_days_apart_are_near_enough(account, day: int, state: str) -> None:
    at_the_desk(account, 80_00, "A1")  # on the 5th
    [line] = told(a_movement("A1", 80_00, remark=account.code), day=date(2026, 11, day))
    assert line.state == state


def test_what_was_reversed_is_no_money_of_the_desk(account) -> None:
    at_the_desk(account, 80_00, "A1")
    reverse(key="t1", at=NOON, by_id=a_checker().pk, supervisor=True)
    [line] = told(a_movement("A1", 80_00, remark=account.code))
    assert line.state == "booked"


def test_a_person_says_which_desk_took_it(account) -> None:
    movement = at_the_desk(account, 80_00, "A1")
    [line] = told(a_movement("B2", 80_00, remark=account.code))
    money = UnidentifiedPayment.objects.get(line=line)
    assert desk_transfers.desk_transfers_like(line) == [movement]
    how = {"unidentified_id": money.pk, "reason": "回单", "at": NOON, "by_id": a_checker().pk}
    desk_transfers.clear_by_hand(movement_id=movement.pk, **how)

    line.refresh_from_db()
    money.refresh_from_db()
    assert (line.state, line.desk, money.state) == ("cleared", movement, "cleared")
    assert house_balances() == {"bank": -80_00, "cash:transfer": 0, "unidentified": 0}
    assert desk_transfers.desk_transfers_like(line) == []
    with pytest.raises(BadInputError):
        desk_transfers.clear_by_hand(movement_id=movement.pk, **how)


def test_a_person_cannot_match_another_amount(account) -> None:
    movement = at_the_desk(account, 80_00, "A1")
    [line] = told(a_movement("A1", 79_00))
    with pytest.raises(BadInputError, match=r"柜台收的是 80\.00 元，银行到帐 79\.00 元"):
        desk_transfers.clear_by_hand(
            unidentified_id=line.unidentified.pk,
            movement_id=movement.pk,
            reason="回单",
            at=NOON,
            by_id=a_checker().pk,
        )


def test_what_the_bank_has_confirmed_is_not_reversed(account) -> None:
    at_the_desk(account, 80_00, "A1")
    told(a_movement("A1", 80_00))
    with pytest.raises(RefusedError) as refused:
        reverse(key="t1", at=NOON, by_id=a_checker().pk, supervisor=True)
    assert "银行流水 A1 已证实这笔转帐到帐" in str(refused.value)


@pytest.mark.parametrize(("remark", "words"), [(True, "不能再收一次"), (False, "在不明来款中")])
def test_the_desk_takes_no_transfer_that_the_bank_has_brought(account, remark, words) -> None:
    told(a_movement("A1", 80_00, remark=account.code if remark else ""))
    with pytest.raises(RefusedError) as refused:
        at_the_desk(account, 80_00, "A1")
    assert words in str(refused.value)
    assert Payment.objects.count() == int(remark)
    assert at_the_desk(account, 80_00, "A2").amount_fen == 80_00
