"""A new bill that is written as paid is paid as ``pay_bills`` would pay it."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import Min, Sum

from billing.batch.issue_apart import issue_apart
from billing.batch.issue_bills import IssuedBills
from billing.models import Account, Bill, Entry, Journal, Ledger
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.services import close_steps, rehearsal
from billing.services.charges import charge_once
from billing.services.ledgers import open_special
from billing.services.month_end import close_month
from billing.services.payments import pay
from billing.services.posting import Leg, post
from tests.billing.services.test_month_end import (
    AT,
    OCTOBER,
    a_company_with_a_bundle,
    a_paying_member,
)
from tests.builders.billing import a_bill, a_channel, own_account, public_of
from tests.builders.customers import a_company
from tests.chaos.picture import differences, look

pytestmark = pytest.mark.django_db
BEFORE = OCTOBER.starts_at
MORE_FEN = 1500


def fund(account: Account, *, gift_fen: int, cash_fen: int) -> None:
    ledger = public_of(account).pk
    legs = [
        Leg(ledger_id=ledger, money="gift", amount_fen=gift_fen),
        Leg(ledger_id=ledger, amount_fen=cash_fen),
        Leg(ledger_id=house_ledgers()[house.OPENING], amount_fen=-gift_fen - cash_fen),
    ]
    post(kind=Journal.Kind.OPENING, legs=[leg for leg in legs if leg.amount_fen], at=BEFORE)


@pytest.fixture
def town() -> dict[str, Account]:
    """Accounts of two lines each and a bundle's, told by what pays them."""
    bundle, _ = a_company_with_a_bundle()
    owner, channel = a_company(), a_channel()
    accounts = {}

    def account(name: str, *, gift_fen: int = 0, cash_fen: int = 0) -> Account:
        line = a_paying_member(owner, "m2g", plan="M2G-STD")
        fee_fen = -MORE_FEN if name == "credit" else MORE_FEN
        charge_once(
            subscription_id=line.pk, amount_fen=fee_fen, category="installation",
            order_ref=name, arose_at=OCTOBER.starts_at, month=OCTOBER,
        )  # fmt: skip
        accounts[name] = own_account(line)
        if name == "debt":
            a_bill(accounts[name], "2026-09", (line, "PLAN_FEE", 700))
        if gift_fen or cash_fen:
            fund(accounts[name], gift_fen=gift_fen, cash_fen=cash_fen)
        return accounts[name]

    account("nothing")
    account("cash", cash_fen=50000)
    account("a part", cash_fen=1)
    account("gift", gift_fen=50000)
    account("gift first", gift_fen=1000, cash_fen=700)
    account("credit", cash_fen=50000)
    account("debt", cash_fen=50000)
    expired = account("expired", gift_fen=50000)
    Ledger.objects.filter(account=expired, kind="public").update(expires_on="2026-11-02")
    open_special(
        account_id=bundle, name="专款", amount_fen=5000, at=BEFORE, channel_id=channel.pk, gift=True
    )
    accounts["special"] = Account.objects.get(pk=bundle)
    fund(accounts["special"], gift_fen=0, cash_fen=300)
    return accounts


def issue_unpaid(**facts: Any) -> IssuedBills:
    return issue_apart(**facts | {"pays": False})


def in_order() -> list[tuple[str, int, str]]:
    """What the journals that pay bills took for each line, in the order in which it was written."""
    entries = Entry.objects.filter(journal__kind="bill_payment", bill_line__isnull=False)
    lines = entries.order_by().values("journal__ref", "bill_line")
    taken = lines.annotate(fen=Sum("amount_fen"), first=Min("id")).order_by("journal__ref", "first")
    return list(taken.values_list("journal__ref", "fen", "bill_line__item"))


def test_it_is_paid_as_any_other(town, monkeypatch):
    pictures, orders = [], []
    for issue in (issue_apart, issue_unpaid):
        monkeypatch.setattr(close_steps, "issue_apart", issue)
        with transaction.atomic():
            close_month(month=OCTOBER, at=AT)
            pictures.append(look())
            orders.append(in_order())
            transaction.set_rollback(True)
    assert differences(*pictures) == []
    assert orders[0] == orders[1]
    assert len(orders[0]) > 10


def test_only_what_the_public_ledger_alone_pays_is_paid_at_once(town, monkeypatch):
    monkeypatch.setattr(close_steps, "pay_bills", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        close_month(month=OCTOBER, at=AT)
    bills = Bill.objects.filter(month=OCTOBER.first_day, paid_fen__gt=0)
    at_once = {name for name, account in town.items() if bills.filter(account=account).exists()}
    assert at_once == {"cash", "a part", "gift", "gift first"}


def test_the_gift_is_spent_before_the_cash(town):
    close_month(month=OCTOBER, at=AT)
    bill = Bill.objects.get(account=town["gift first"])
    lines = list(bill.lines.values_list("paid_fen", "paid_gift_fen"))
    assert (bill.paid_fen, sum(gift for _, gift in lines)) == (1700, 1000)
    ledger = public_of(town["gift first"])
    assert (ledger.gift_fen, ledger.cash_fen) == (0, 0)


def test_a_rehearsal_holds_no_account_and_pays_nothing(town, monkeypatch):
    seen = []

    def issue(**facts):
        issued = issue_apart(**facts)
        seen.append((issued.bills, issued.paid_accounts, issued.paid_fen))
        return issued

    monkeypatch.setattr(rehearsal, "issue_apart", issue)
    rehearsal.rehearse(month=OCTOBER, at=AT)
    [(bills, accounts, paid_fen)] = seen
    assert (bills > 8, accounts, paid_fen) == (True, 0, 0)


def test_a_second_payment_of_the_same_month_finds_nothing_left_to_pay(town):
    close_month(month=OCTOBER, at=AT)
    entries = Entry.objects.count()
    close_month(month=OCTOBER, at=AT)
    assert Entry.objects.count() == entries


def test_money_that_comes_later_pays_what_was_paid_in_part(town):
    close_month(month=OCTOBER, at=AT)
    account = town["a part"]
    due_fen = Bill.objects.get(account=account).due_fen
    pay(
        account_id=account.pk, amount_fen=due_fen, key="later", at=AT,
        channel_id=a_channel("H2").pk,
    )  # fmt: skip
    assert Bill.objects.get(account=account).due_fen == 0
