"""Money moved by hand in any order: the books say what a naive tally says, to the fen."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.db.models import F, Sum

from billing.models import (
    Account,
    Bill,
    BillLine,
    Ledger,
    Payment,
    Recovery,
    Refund,
    Transfer,
    WriteOff,
)
from billing.queries.house import house_balances
from billing.queries.refundable import refundable
from billing.queries.written_off import write_offs
from billing.services.accounts import open_unified
from billing.services.payments import pay, reverse
from billing.services.recoveries import recover
from billing.services.refund_transfers import return_refund, settle_refund
from billing.services.refunds import Payee, refund
from billing.services.transfers import reverse_transfer, transfer
from bss.kernel.periods import Month
from bss.kernel.rulebook import RefusedError
from customers.models import Subscription
from tests.builders.billing import NEW_YEAR, a_bill, a_channel, a_customer, a_line, own_account
from tests.builders.by_hand import NOON, a_checker, a_maker, a_reason, given_up
from tests.builders.till import a_shift

pytestmark = pytest.mark.django_db
PAYEE = Payee(name="北京晨光商贸有限公司", bank="示范银行", account="6222000000001234")


class Desk:
    """Two accounts of one customer, and whatever anybody does with them."""

    def __init__(self, line: Subscription, seed: int) -> None:
        self.random = Random(seed)
        self.line = line
        self.accounts = [
            own_account(line),
            open_unified(owner_id=line.owner_id, name="统一", at=NEW_YEAR),
        ]
        self.at = NOON
        self.number = 0
        self.month = Month.of(NOON)
        self.tally: Counter[str] = Counter()
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        """One act; what the rules refuse changes nothing."""
        acts: list[Callable[[], None]] = [
            self.pay_in, self.bill, self.give_back, self.settle, self.come_back,
            self.move, self.move_back, self.give_up, self.collect, self.take_back,
        ]  # fmt: skip
        self.at += timedelta(hours=self.random.randint(1, 60))
        self.number += 1
        act = self.random.choice(acts)
        before = dict(self.tally)
        try:
            act()
            self.done[act.__name__] += 1
        except RefusedError:
            self.tally = Counter(before)

    def pay_in(self) -> None:
        fen = self.fen()
        pay(
            account_id=self.account().pk,
            amount_fen=fen,
            key=f"p{self.number}",
            at=self.at,
            channel_id=a_channel().pk,
        )
        self.tally["paid_in"] += fen

    def bill(self) -> None:
        self.month = self.month.next
        fen = self.fen()
        a_bill(self.account(), f"{self.month}", (self.line, "PLAN_FEE", fen), at=self.at)
        Bill.objects.update(due_on=F("due_on") - timedelta(days=3650))

    def give_back(self) -> None:
        account = self.account()
        fen = min(self.fen(), refundable(account, at=self.at).free_fen)
        if fen:
            self.refund(account, fen)

    def refund(self, account: Account, fen: int) -> None:
        refund(
            account_id=account.pk,
            amount_fen=fen,
            means="transfer",
            reason_id=a_reason("refund", "overpaid"),
            payee=PAYEE,
            key=f"r{self.number}",
            at=self.at,
            by_id=a_maker().pk,
        )
        self.tally["payable"] += fen

    def settle(self) -> None:
        if one := self.one(Refund.objects.filter(state="payable")):
            settle_refund(refund_id=one.pk, bank_reference="HD", at=self.at, by_id=a_checker().pk)
            self.tally["payable"] -= one.amount_fen
            self.tally["bank"] += one.amount_fen

    def come_back(self) -> None:
        if one := self.one(Refund.objects.filter(state="payable")):
            return_refund(refund_id=one.pk, at=self.at, by_id=a_checker().pk)
            self.tally["payable"] -= one.amount_fen

    def move(self) -> None:
        source, target = self.random.sample(self.accounts, 2)
        transfer(
            source_id=source.pk,
            target_id=target.pk,
            amount_fen=self.fen(),
            reason_id=a_reason("transfer"),
            key=f"t{self.number}",
            at=self.at,
            by_id=a_maker().pk,
        )

    def move_back(self) -> None:
        if one := self.one(Transfer.objects.filter(reversed_at=None)):
            reverse_transfer(transfer_id=one.pk, at=self.at, by_id=a_maker().pk)

    def give_up(self) -> None:
        if bill := self.one(Bill.objects.filter(paid_fen__lt=F("total_fen"))):
            made = given_up(bill.account, bill.pk, key=f"w{self.number}", at=self.at)
            self.tally["loss"] += made.amount_fen

    def collect(self) -> None:
        one: WriteOff | None = self.one(write_offs().filter(recovered_fen__lt=F("amount_fen")))
        if one is not None:
            fen = min(self.fen(), one.amount_fen)
            recover(
                write_off_id=one.pk,
                amount_fen=fen,
                key=f"c{self.number}",
                at=self.at,
                by_id=a_maker().pk,
            )
            self.tally["paid_in"] += fen
            self.tally["recovered"] += fen

    def take_back(self) -> None:
        if one := self.one(Payment.objects.filter(reversed_at=None)):
            reverse(key=one.key, at=self.at)
            self.tally["paid_in"] -= one.amount_fen
            back = Recovery.objects.filter(payment=one).first()
            self.tally["recovered"] -= back.amount_fen if back else 0

    def account(self) -> Account:
        return self.random.choice(self.accounts)

    def fen(self) -> int:
        return self.random.randint(1, 50_00)

    def one(self, rows):
        found = list(rows)
        return self.random.choice(found) if found else None


def holds(desk: Desk) -> None:
    """What is true after every step."""
    for line in BillLine.objects.annotate(booked=Sum("entries__amount_fen", default=0)):
        assert -line.booked == line.paid_fen
        assert 0 <= line.paid_fen <= line.amount_fen
    for bill in Bill.objects.prefetch_related("lines"):
        assert bill.paid_fen == sum(line.paid_fen for line in bill.lines.all())
    books = Counter(house_balances())
    due_fen = sum(bill.due_fen for bill in Bill.objects.all())
    assert -books["receivable"] == due_fen
    assert -books["cash:cash"] == desk.tally["paid_in"]
    assert books["refund_payable"] == desk.tally["payable"]
    assert books["bank"] == desk.tally["bank"]
    assert -books["write_off"] == desk.tally["loss"]
    assert books["recovered"] == desk.tally["recovered"]
    held_fen = Ledger.objects.exclude(kind="house").aggregate(fen=Sum("cash_fen"))["fen"]
    billed_fen = sum(Bill.objects.values_list("total_fen", flat=True))
    spent_fen = billed_fen - due_fen - desk.tally["loss"]
    assert held_fen == (
        desk.tally["paid_in"]
        - desk.tally["payable"]
        - desk.tally["bank"]
        - desk.tally["recovered"]
        - spent_fen
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_in_any_order_nothing_is_lost_or_doubled(seed: int) -> None:
    walk(seed, steps=60)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(10, 40))
def test_in_any_order_nothing_is_lost_or_doubled_for_long(seed: int) -> None:
    walk(seed, steps=300)


def walk(seed: int, *, steps: int) -> None:
    desk = Desk(a_line(a_customer()), seed)
    a_shift(a_maker())
    for _ in range(steps):
        desk.step()
        holds(desk)
    assert len(desk.done) == 10, desk.done
