"""Any order of payments, bills, reversals, grants, releases and moves agrees with a naive model."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from billing.batch.pay_bills import pay_bills
from billing.models import Bill, BillLine, Entry, Ledger
from billing.queries.house import house_balances
from billing.services import accounts, ledgers
from billing.services.leaving_money import free_special_money
from billing.services.payments import pay, reverse
from billing.services.releases import release_parts
from billing.services.transfers import transfer
from bss.kernel.periods import Month
from bss.kernel.rulebook import RefusedError
from tests.builders.billing import (
    NEW_YEAR,
    a_bill,
    a_channel,
    a_customer,
    a_line,
    own_account,
    public_of,
)
from tests.builders.by_hand import a_maker, a_reason

pytestmark = pytest.mark.django_db

amounts = st.integers(1, 60)


@dataclass
class Purse:
    """A ledger as a child would keep it."""

    cash: int = 0
    gift: int = 0
    items: tuple[str, ...] = ()
    to_come: list[tuple[Month, int]] = field(default_factory=list)


@dataclass
class Owed:
    item: str
    due: int


class LedgerMachine(RuleBasedStateMachine):
    """One unified account: its public ledger, special ledgers for one item, bills, payments."""

    def __init__(self) -> None:
        super().__init__()
        owner = a_customer()
        self.line = a_line(owner)
        self.channel = a_channel().pk
        self.account = accounts.open_unified(owner_id=owner.pk, name="统一", at=NEW_YEAR)
        self.other = own_account(self.line)
        self.maker, self.reason, self.moved = a_maker().pk, a_reason("transfer"), 0
        self.month = Month(2026, 1)
        self.serial = count(1)
        self.purses = {"public": Purse()}
        self.bills: list[list[Owed]] = []
        self.paid_by: list[tuple[str, Owed, int]] = []
        self.payments: dict[str, tuple[str, int]] = {}

    @property
    def at(self) -> datetime:
        return self.month.starts_at

    @rule(amount=amounts, pick=st.integers(0, 3))
    def pay(self, amount: int, pick: int) -> None:
        name = sorted(self.purses)[pick % len(self.purses)]
        key = f"k{next(self.serial)}"
        for _ in range(2):
            pay(
                account_id=self.account.pk,
                amount_fen=amount,
                key=key,
                ledger_name=name,
                at=self.at,
                channel_id=self.channel,
            )
        self.payments[key] = (name, amount)
        self.purses[name].cash += amount
        self._settle()

    @precondition(lambda self: self.payments)
    @rule(pick=st.integers(0, 9))
    def reverse(self, pick: int) -> None:
        key = sorted(self.payments)[pick % len(self.payments)]
        name, amount = self.payments[key]
        purse = self.purses[name]
        mine = [row for row in self.paid_by if row[0] == name]
        if purse.cash + sum(row[2] for row in mine) < amount:
            with pytest.raises(RefusedError, match="PAY-2"):
                reverse(key=key, at=self.at)
            return
        reverse(key=key, at=self.at)
        del self.payments[key]
        lacking = max(0, amount - purse.cash)
        purse.cash -= amount - lacking
        self._take_back(name, lacking)
        self._settle()

    @rule(amount=amounts)
    def move(self, amount: int) -> None:
        """To the line's own account, which owes nothing (PAY-5)."""
        asked = {
            "source_id": self.account.pk,
            "target_id": self.other.pk,
            "amount_fen": amount,
            "reason_id": self.reason,
            "key": f"k{next(self.serial)}",
            "at": self.at,
            "by_id": self.maker,
        }
        if amount > self.purses["public"].cash:
            with pytest.raises(RefusedError, match="PAY-5"):
                transfer(**asked)
            return
        transfer(**asked)
        self.purses["public"].cash -= amount
        self.moved += amount

    @rule(sms=amounts, fee=amounts)
    def bill(self, sms: int, fee: int) -> None:
        self.month = self.month.next
        a_bill(self.account, str(self.month), (self.line, "PLAN_FEE", fee), (self.line, "SMS", sms))
        self.bills.append([Owed("PLAN_FEE", fee), Owed("SMS", sms)])
        pay_bills(account_ids=[self.account.pk], at=self.at)
        self._settle()

    @rule(amount=amounts, gift=st.booleans(), months=st.none() | st.integers(1, 3))
    def grant(self, amount: int, gift: bool, months: int | None) -> None:
        name = f"s{next(self.serial):03d}"
        ledgers.open_special(
            account_id=self.account.pk,
            name=name,
            scope=ledgers.Scope(items=("SMS",)),
            amount_fen=amount,
            gift=gift,
            months=months,
            at=self.at,
            channel_id=self.channel,
        )
        purse = self.purses[name] = Purse(items=("SMS",))
        if months is None:
            self._put(purse, amount, gift=gift)
        else:
            parts = [amount // months] * months
            parts[-1] += amount % months
            purse.to_come = [
                (self.month.plus(index), -part if gift else part)
                for index, part in enumerate(parts, start=1)
            ]
        self._settle()

    @rule()
    def release(self) -> None:
        self.month = self.month.next
        release_parts(month=self.month, at=self.at)
        for purse in self.purses.values():
            due = [part for month, part in purse.to_come if month <= self.month]
            purse.to_come = [part for part in purse.to_come if part[0] > self.month]
            for part in due:
                self._put(purse, abs(part), gift=part < 0)
            self._settle()

    @rule()
    def free(self) -> None:
        """The account pays nobody any more: special cash is public, gifts are void (CAN-7)."""
        free_special_money(account_id=self.account.pk, at=self.at)
        public = self.purses["public"]
        for name, purse in self.purses.items():
            if name != "public":
                public.cash += purse.cash + sum(part for _, part in purse.to_come if part > 0)
                purse.cash = purse.gift = 0
                purse.to_come = []
        self._settle()

    @invariant()
    def agrees_with_the_model(self) -> None:
        rows = Ledger.objects.filter(account=self.account)
        assert {row.name: (row.cash_fen, row.gift_fen) for row in rows} == {
            name: (purse.cash, purse.gift) for name, purse in self.purses.items()
        }
        lines = BillLine.objects.filter(bill__account=self.account)
        assert [line.due_fen for line in lines.order_by("bill__month", "position")] == [
            owed.due for bill in self.bills for owed in bill
        ]

    @invariant()
    def what_moved_has_arrived(self) -> None:
        assert public_of(self.other).cash_fen == self.moved

    @invariant()
    def the_books_balance(self) -> None:
        booked = dict(Entry.objects.values_list("ledger").annotate(Sum("amount_fen")))
        assert sum(booked.values()) == 0
        for row in Ledger.objects.filter(account=self.account):
            assert booked.get(row.pk, 0) == row.cash_fen + row.gift_fen
        bills = Bill.objects.filter(account=self.account)
        assert house_balances().get("receivable", 0) == -sum(bill.due_fen for bill in bills)
        lines = BillLine.objects.filter(bill__account=self.account)
        paid = lines.annotate(booked=Sum("entries__amount_fen", default=0))
        assert all(-line.booked == line.paid_fen for line in paid)

    def _put(self, purse: Purse, amount: int, *, gift: bool) -> None:
        if gift:
            purse.gift += amount
        else:
            purse.cash += amount

    def _settle(self) -> None:
        special = sorted(name for name in self.purses if name != "public")
        for owed in (owed for bill in self.bills for owed in bill):
            for name in [*special, "public"]:
                purse = self.purses[name]
                if purse.items and owed.item not in purse.items:
                    continue
                gift = min(purse.gift, owed.due)
                purse.gift -= gift
                owed.due -= gift
                cash = min(purse.cash, owed.due)
                purse.cash -= cash
                owed.due -= cash
                if cash:
                    self.paid_by.append((name, owed, cash))

    def _take_back(self, name: str, lacking: int) -> None:
        for index in reversed(range(len(self.paid_by))):
            payer, owed, cash = self.paid_by[index]
            if payer != name or not lacking:
                continue
            back = min(cash, lacking)
            lacking -= back
            owed.due += back
            self.paid_by[index] = (payer, owed, cash - back)
        self.paid_by = [row for row in self.paid_by if row[2]]


class RolledBack(LedgerMachine):
    """Each example in a transaction of its own that leaves nothing."""

    def __init__(self) -> None:
        self.savepoint = transaction.savepoint()
        super().__init__()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)


@pytest.mark.parametrize(
    ("examples", "steps"),
    [(8, 12), pytest.param(60, 60, marks=pytest.mark.thorough)],
    ids=["a hundred steps", "thousands of steps"],
)
def test_ledgers_agree_with_a_naive_model(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        RolledBack,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True
        ),
    )
