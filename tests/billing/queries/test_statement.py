"""The statement of a ledger: opening, one line per matter, closing equal to the ledger itself."""

import pytest

from billing.models import Account, Ledger
from billing.papers.ledger_words import matter_of, note_of
from billing.queries.statement import statement_of
from billing.services import accounts, ledgers
from billing.services.moves import move
from billing.services.payments import pay, reverse
from bss.kernel.periods import Month
from tests.builders.billing import (
    NEW_YEAR,
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
    public_of,
)

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)


@pytest.fixture
def account() -> Account:
    """5.00 in January; 9.00 in February, after a bill of 3.00 and 4.00 that took all there was."""
    owner = a_customer()
    line = a_line(owner)
    account = accounts.open_unified(owner_id=owner.pk, name="统一", at=NEW_YEAR)
    take(account, 500, "p1", "2026-01-10T10:00")
    a_bill(account, "2026-01", (line, "PLAN_FEE", 300), (line, "SMS", 400))
    take(account, 900, "p2", "2026-02-10T10:00")
    return account


def take(account: Account, amount_fen: int, key: str, at: str) -> None:
    pay(
        account_id=account.pk,
        amount_fen=amount_fen,
        key=key,
        at=moment(at),
        channel_id=a_channel().pk,
    )


def test_the_lines_lead_from_the_opening_to_the_closing(account: Account) -> None:
    statement = statement_of(public_of(account), first=FEBRUARY, last=FEBRUARY)
    assert (statement.opening_fen, statement.closing_fen) == (500, 700)
    assert (statement.in_fen, statement.out_fen) == (900, 700)
    said = [
        (matter_of(line), note_of(line), line.amount_fen, line.balance_fen)
        for line in statement.lines
    ]
    assert said == [
        ("缴费", "现金，测试厅", 900, 1400),
        ("帐单扣款", "2026-01 帐单", -700, 700),
    ]


def test_one_months_closing_is_the_nexts_opening(account: Account) -> None:
    ledger = public_of(account)
    months = [statement_of(ledger, first=m, last=m) for m in (JANUARY, FEBRUARY, MARCH)]
    assert [(one.opening_fen, one.closing_fen) for one in months] == [
        (0, 500),
        (500, 700),
        (700, 700),
    ]
    whole = statement_of(ledger, first=JANUARY, last=MARCH)
    assert (whole.opening_fen, whole.closing_fen, len(whole.lines)) == (0, 700, 3)


def test_the_closing_is_what_is_in_the_ledger(account: Account) -> None:
    reverse(key="p2", at=moment("2026-02-11T10:00"), supervisor=True)
    ledger = public_of(account)
    statement = statement_of(ledger, first=JANUARY, last=MARCH)
    assert (statement.closing_cash_fen, statement.closing_gift_fen) == (
        ledger.cash_fen,
        ledger.gift_fen,
    )


def test_gift_and_cash_are_told_apart(account: Account) -> None:
    special = ledgers.open_special(
        account_id=account.pk,
        name="赠",
        amount_fen=80,
        gift=True,
        at=moment("2026-02-12T10:00"),
        channel_id=a_channel().pk,
    )
    statement = statement_of(special, first=FEBRUARY, last=FEBRUARY)
    assert (statement.closing_cash_fen, statement.closing_gift_fen) == (0, 80)
    assert [matter_of(line) for line in statement.lines] == ["专款预存"]


def test_money_that_moved_says_where_it_went_and_came_from(account: Account) -> None:
    other = public_of(own_account(a_line(account.owner, "01062000002")))
    source = public_of(account)
    move(source=source, target=other, at=moment("2026-03-05T10:00"))
    [gone] = statement_of(source, first=MARCH, last=MARCH).lines
    [come] = statement_of(other, first=MARCH, last=MARCH).lines
    assert note_of(gone) == f"转到 {other.account.code} 公用账本"
    assert note_of(come) == f"从 {account.code} 公用账本 转来"


def test_a_file_begins_and_ends_with_the_balances(account: Account) -> None:
    lines = statement_of(public_of(account), first=FEBRUARY, last=FEBRUARY).bounded_lines
    assert (matter_of(lines[0]), lines[0].balance_fen) == ("期初余额", 500)
    assert (matter_of(lines[-1]), lines[-1].balance_fen) == ("期末余额", 700)
    assert lines[0].at < lines[1].at < lines[-1].at


def test_the_ledger_of_another_is_not_in_it(account: Account) -> None:
    empty = Ledger.objects.filter(account=own_account(a_line(account.owner, "01062000002"))).get()
    assert statement_of(empty, first=JANUARY, last=MARCH).lines == ()
