"""The late fee of a month as SQL, against the rule; and on a bill."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection

from billing.batch import sql
from billing.models import Bill, BillLine, Entry, Journal
from billing.queries.house import house_balances
from billing.rules.late_fee import Paid, Terms, late_fee
from billing.services.month_end import close_month
from billing.services.payments import pay, reverse
from bss.kernel.periods import Month, business_date
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, moment, own_account
from tests.builders.by_hand import given_up
from tests.builders.packages import a_catalogue

pytestmark = pytest.mark.django_db
DECEMBER = Month(2026, 12)
TERMS = Terms(per_mille_a_day=Decimal("2.5"), cap_percent=5)


def test_any_history_of_payments_costs_what_the_rule_says() -> None:
    # given bills of September to November, paid in parts and some taken back
    random = Random(11)
    owner, channel = a_customer(), a_channel().pk
    lines = [a_line(owner, f"010620{number:05}") for number in range(30)]
    acts: list[tuple[datetime, int, str]] = []
    for number, line in enumerate(lines):
        for month in random.sample(["2026-09", "2026-10", "2026-11"], k=2):
            wanted = [(line, "PLAN_FEE", random.randint(1, 90_00)), (line, "LATE_FEE", 3_00)]
            a_bill(own_account(line), month, *wanted)
        for _ in range(random.randint(0, 3)):
            at = moment("2026-10-20T10:00") + timedelta(hours=random.randint(0, 80 * 24))
            acts.append((at, number, ""))
    for place, (at, number, _) in enumerate(sorted(acts)):
        account = own_account(lines[number])
        fen = random.randint(1, 60_00)
        pay(account_id=account.pk, amount_fen=fen, key=f"p{place}", at=at, channel_id=channel)
        if random.random() < 0.3:
            reverse(key=f"p{place}", at=at + timedelta(days=random.randint(0, 9)))

    # when
    charged = _fees(TERMS)

    # then
    expected: dict[int, int] = {}
    for line in BillLine.objects.filter(item="PLAN_FEE").select_related("bill"):
        fee = late_fee(
            line.amount_fen,
            _payments(line),
            due_on=line.bill.due_on,
            after=DECEMBER.previous.last_day,
            until=DECEMBER.last_day,
            terms=TERMS,
        )
        if fee:
            expected[line.subscription_id] = expected.get(line.subscription_id, 0) + fee
    assert charged == expected
    assert len(expected) >= 4


def test_a_month_of_lateness_is_a_line_of_the_next_bill(settings: Any) -> None:
    settings.LATE_FEE_PER_MILLE_A_DAY = Decimal(3)
    a_catalogue()
    line = a_line(a_customer())
    account = own_account(line)
    a_bill(account, "2026-10", (line, "VOICE_LOCAL", 100_00))  # due on 30 November
    close_month(month=DECEMBER, at=moment("2027-01-03T02:00"))

    bill = Bill.objects.get(month=DECEMBER.first_day)
    fee = bill.lines.get()
    assert (fee.item, fee.amount_fen, fee.tax_fen) == ("LATE_FEE", 9_30, 77)
    assert fee.why["because"] == [
        {"rules": ["PAY-8"], "late_month": "2026-10", "per_mille": "3", "hao": 93000}
    ]
    assert house_balances()["revenue:LATE_FEE"] == 8_53


def test_nothing_is_taken_for_lateness_unless_the_operator_says_so() -> None:
    a_catalogue()
    line = a_line(a_customer())
    a_bill(own_account(line), "2026-10", (line, "VOICE_LOCAL", 100_00))
    close_month(month=DECEMBER, at=moment("2027-01-03T02:00"))
    assert not Bill.objects.filter(month=DECEMBER.first_day).exists()


def test_a_late_fee_bears_none_and_what_is_written_off_bears_none_any_more() -> None:
    line = a_line(a_customer())
    account = own_account(line)
    a_bill(account, "2026-09", (line, "LATE_FEE", 100_00))
    gone = a_bill(account, "2026-10", (line, "VOICE_LOCAL", 100_00))
    given_up(account, gone.pk, at=moment("2026-12-11T10:00"))
    # ten days until the write-off: 100.00 x 10 x 2.5 per mille
    assert _fees(TERMS) == {line.pk: 250_00}


def _fees(terms: Terms) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE close_charge (account_id bigint, subscription_id bigint, item text,"
            " amount_hao bigint, percent smallint, is_usage boolean DEFAULT false, why jsonb)"
        )
    sql.run(
        "late_fees",
        {
            "month": DECEMBER.first_day,
            "last_day": DECEMBER.last_day,
            "starts_at": DECEMBER.starts_at,
            "shard": 0,
            "shards": 1,
            "other_percent": 9,
            "per_mille": terms.per_mille_a_day,
            "cap_percent": terms.cap_percent,
        },
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subscription_id, sum(amount_hao)::bigint FROM close_charge"
            " WHERE item = 'LATE_FEE' GROUP BY subscription_id"
        )
        found = dict(cursor.fetchall())
        cursor.execute("DROP TABLE close_charge")
    return found


def _payments(line: BillLine) -> list[Paid]:
    entries = Entry.objects.filter(bill_line=line).exclude(journal__kind=Journal.Kind.BILL)
    return [
        Paid(on=business_date(entry.journal.at), amount_fen=-entry.amount_fen)
        for entry in entries.select_related("journal")
    ]
