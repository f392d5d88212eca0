"""Thirty-two clients pay, bill, reverse and stop the same accounts: one order explains the end.

Each act notes itself in its own transaction while it holds the account, so that the notes stand in
an order in which the acts may be thought to have happened one after the other. Played in that
order, a naive model must end where the database ended.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from random import Random

import pytest
from django.db import connection, transaction

from billing.batch.pay_bills import pay_bills
from billing.models import Account, Bill, BillLine, DebtStop, Entry, Payment
from billing.queries.locked import lock_account, lock_key
from billing.services import credit_control
from billing.services.payments import pay, reverse
from bss.kernel.periods import Month
from bss.kernel.rulebook import RefusedError
from customers.models import Subscription
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, moment, own_account

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS, ACCOUNTS = 32, 6
NOW = moment("2028-06-01T10:00")
"""Every bill of the test is long overdue then: who owes anything is stopped by a credit run."""
Note = tuple[int, str, str, int]


@dataclass
class Plain:
    """An account as a child would keep it: money, what is due, who paid what."""

    cash: int = 0
    due: list[int] = field(default_factory=list)
    paid: list[tuple[int, int]] = field(default_factory=list)

    def settle(self) -> None:
        for bill, due in enumerate(self.due):
            if taken := min(due, self.cash):
                self.cash -= taken
                self.due[bill] -= taken
                self.paid.append((bill, taken))

    def take_back(self, amount: int) -> None:
        lacking = max(0, amount - self.cash)
        self.cash -= amount - lacking
        while lacking:
            bill, taken = self.paid.pop()
            back = min(taken, lacking)
            lacking -= back
            self.due[bill] += back
            if taken > back:
                self.paid.append((bill, taken - back))
        self.settle()


@pytest.fixture
def notes() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE a_note"
            " (id bigserial PRIMARY KEY, account bigint, act text, key text, fen bigint)"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE a_note")


def note(account_id: int, act: str, key: str, fen: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO a_note (account, act, key, fen) VALUES (%s, %s, %s, %s)",
            [account_id, act, key, fen],
        )


class Client:
    """One of them, with choices of its own; every key is offered twice, by two clients."""

    def __init__(self, number: int, accounts: list[tuple[Account, Subscription]]) -> None:
        self.number = number
        self.random = Random(number)
        self.accounts = accounts
        self.channel = a_channel().pk
        self.serial = count()

    def act(self) -> None:
        account, line = self.random.choice(self.accounts)
        choice: Callable[[Account, Subscription], None] = self.random.choices(
            (self.pay, self.bill, self.reverse, self.stop), (60, 18, 12, 10)
        )[0]
        choice(account, line)

    def pay(self, account: Account, _: Subscription) -> None:
        key, fen = f"{self.number // 2}-{next(self.serial)}", 1000
        account = self.accounts[int(key.partition("-")[2]) % ACCOUNTS][0]
        with transaction.atomic():
            lock_key(key)
            lock_account(account.pk)
            known = Payment.objects.filter(key=key).exists()
            pay(account_id=account.pk, amount_fen=fen, key=key, at=NOW, channel_id=self.channel)
            if not known:
                note(account.pk, "pay", key, fen)

    def bill(self, account: Account, line: Subscription) -> None:
        fen = self.random.randint(1, 4000)
        with transaction.atomic():
            lock_account(account.pk)
            month = Month(2020, 1).plus(account.bills.count())
            a_bill(account, str(month), (line, "PLAN_FEE", fen))
            pay_bills(account_ids=[account.pk], at=NOW)
            note(account.pk, "bill", str(month), fen)

    def reverse(self, account: Account, _: Subscription) -> None:
        payment = account.payments.filter(reversed_at=None).order_by("?").first()
        if payment is None:
            return
        try:
            with transaction.atomic():
                reverse(key=payment.key, at=NOW)
                note(account.pk, "reverse", payment.key, payment.amount_fen)
        except RefusedError:
            return  # somebody else was first

    def stop(self, _: Account, __: Subscription) -> None:
        credit_control.run(at=NOW)


def replayed() -> dict[int, Plain]:
    """The model after all notes, in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, act, key, fen FROM a_note ORDER BY id")
        notes: list[Note] = cursor.fetchall()
    plain: dict[int, Plain] = {}
    for account, act, _, fen in notes:
        one = plain.setdefault(account, Plain())
        if act == "pay":
            one.cash += fen
            one.settle()
        elif act == "bill":
            one.due.append(fen)
            one.settle()
        else:
            one.take_back(fen)
    return plain


@pytest.mark.parametrize("acts", [3, pytest.param(60, marks=pytest.mark.thorough)])
def test_what_they_leave_is_what_one_after_the_other_would(notes, figure, acts: int) -> None:
    a_channel()
    lines = [a_line(a_customer(f"测试公司{i}"), f"0106200{i:04d}") for i in range(ACCOUNTS)]
    accounts = [(own_account(line), line) for line in lines]

    def client(number: int) -> None:
        try:
            one = Client(number, accounts)
            for _ in range(acts):
                one.act()
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))  # raises whatever one of them met: a deadlock too

    plain = replayed()
    for account, line in accounts:
        one = plain.get(account.pk, Plain())
        assert account.ledgers.get().cash_fen == one.cash
        bills = Bill.objects.filter(account=account).order_by("month")
        assert [bill.due_fen for bill in bills] == one.due
        owed = BillLine.objects.filter(bill__account=account).order_by("bill__month")
        assert [row.due_fen for row in owed] == one.due
        if not sum(one.due):
            assert Subscription.objects.get(pk=line.pk).state == "active"
    assert sum(Entry.objects.values_list("amount_fen", flat=True)) == 0

    credit_control.run(at=NOW)
    stopped = set(DebtStop.objects.filter(lifted_at=None).values_list("account_id", flat=True))
    assert stopped == {pk for pk, one in plain.items() if sum(one.due)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT act, count(*) FROM a_note GROUP BY act ORDER BY act")
        figure(", ".join(f"{act} {times}" for act, times in cursor.fetchall()))
