"""The set-based twin of ``billing.rules.netting``, and what it leaves in the books."""

from random import Random

import pytest
from django.db import connection
from django.db.models import Sum

from billing.batch import sql
from billing.models import Bill, BillLine, Entry, Journal
from billing.queries.house import house_balances, house_ledgers
from billing.rules import house
from billing.rules.netting import BilledLine, net_credits
from bss.kernel.periods import Month
from tests.builders.billing import a_bill, a_customer, a_line, moment, own_account, public_of

pytestmark = pytest.mark.django_db
OCTOBER = Month.parse("2026-10")
ITEMS = house.ITEMS[:6]


def net() -> tuple[int, int]:
    """As a close does that has just issued all bills there are."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS close_line")
        cursor.execute(
            "CREATE TEMP TABLE close_line ON COMMIT DROP AS SELECT bill.account_id, line.amount_fen"
            " FROM billing_bill bill JOIN billing_billline line ON line.bill_id = bill.id"
        )
    [(bills, left_fen)] = sql.run(
        "net_credits",
        {
            "month": OCTOBER.first_day,
            "at": moment("2026-11-03T02:00"),
            "receivable": house_ledgers()[house.RECEIVABLE],
        },
    )
    return bills, int(left_fen)


def test_any_bill_is_netted_as_the_rule_says_and_its_entries_are_what_is_paid() -> None:
    # given
    random = Random(7)
    owner = a_customer()
    bills = []
    for number in range(40):
        line = a_line(owner, f"010620{number:05}")
        amounts = [random.choice((-1, 1)) * random.randint(1, 5_000) for _ in ITEMS]
        kept = amounts[: random.randint(1, len(ITEMS))]
        wanted = [(line, item, fen) for item, fen in zip(ITEMS, kept, strict=False)]
        bills.append(a_bill(own_account(line), "2026-10", *wanted))
    credited = [bill for bill in bills if bill.lines.filter(amount_fen__lt=0).exists()]

    # when
    counted, left_fen = net()

    # then
    assert counted == len(credited)
    assert left_fen == -sum(min(0, bill.total_fen) for bill in bills)
    for bill in bills:
        lines = list(bill.lines.order_by("position"))
        rule = net_credits([BilledLine(line.pk, line.amount_fen) for line in lines])
        for line in lines:
            expected = rule.paid_fen.get(line.pk, 0) if line.amount_fen > 0 else line.amount_fen
            assert line.paid_fen == expected
            entries = Entry.objects.filter(bill_line=line).aggregate(fen=Sum("amount_fen"))["fen"]
            assert (entries or 0) == -line.paid_fen
        bill.refresh_from_db()
        assert sum(line.paid_fen for line in lines) == bill.paid_fen
        assert public_of(bill.account).cash_fen == sum(rule.left_fen.values())
    assert -house_balances()[house.RECEIVABLE] == sum(max(0, bill.total_fen) for bill in bills)
    assert Journal.objects.filter(kind=Journal.Kind.ADJUSTMENT).count() == counted


def test_a_bill_without_a_credit_has_no_journal_of_its_own() -> None:
    line = a_line(a_customer())
    bill = a_bill(own_account(line), "2026-10", (line, "PLAN_FEE", 25_00))
    assert net() == (0, 0)
    assert Bill.objects.get(pk=bill.pk).due_fen == 25_00
    assert BillLine.objects.get(bill=bill).paid_fen == 0
