"""What bills and pages learn from usage: charges by payer, calls behind a line, pool days."""

import pytest

from billing.models import Account, Bill, BillLine, ClosedMonth, PayRelation
from billing.queries.pool_days import pool_by_day
from billing.queries.usage import explain_line
from billing.services import accounts, usage
from tests.builders.billing import a_bill, a_customer, own_account
from tests.builders.usage import LOADED_AT, OCTOBER, an_operator, at

pytestmark = pytest.mark.django_db
CALL = {
    "service_number": "01062000001",
    "call_type": "mo",
    "other_number": "01088880001",
    "start_at": "2026-10-05T09:00:00",
}


def test_a_bill_line_opens_to_its_calls_and_says_how_the_pool_stood():
    operator = an_operator()
    line = operator.subscriptions["f1"]
    usage.load(
        rows=[
            {**CALL, "record_id": "a", "duration_s": 3000},
            {**CALL, "record_id": "b", "start_at": "2026-10-06T09:00", "duration_s": 900},
        ],
        at=LOADED_AT,
    )
    account = own_account(line)

    bill = a_bill(account, "2026-10", (line, "VOICE_LOCAL", 75))
    first, second = explain_line(bill.lines.get())

    assert (first.record_id, first.drawn_before, first.pool_minutes) == ("a", 0, 50)
    assert (second.drawn_before, second.pool_minutes, second.charged_units) == (50, 10, 5)
    assert second.amount_hao == 7500
    assert second.why.rules == ("RAT-2", "RAT-4", "RAT-8")


def test_the_pool_by_day_adds_up():
    operator = an_operator()
    usage.load(
        rows=[
            {**CALL, "record_id": "a", "duration_s": 1200},
            {**CALL, "record_id": "b", "start_at": "2026-10-07T23:59:30", "duration_s": 60},
            {**CALL, "record_id": "c", "other_number": "13011112222", "duration_s": 120},
        ],
        at=LOADED_AT,
    )

    days = pool_by_day(bundle_id=operator.bundles["b1"].pk, month=OCTOBER)

    assert [(d.day.day, d.pool_minutes, d.vpn_minutes, d.pool_so_far) for d in days] == [
        (5, 20, 2, 20),
        (8, 1, 0, 21),
    ]


def test_late_usage_is_charged_in_the_next_month_with_its_information_fee():
    operator = an_operator()
    line = operator.subscriptions["f9"]
    ClosedMonth.objects.create(month=OCTOBER.first_day, closed_at=at("2026-11-03T02:00"))
    usage.load(
        rows=[
            {
                **CALL,
                "service_number": "01062000009",
                "record_id": "a",
                "duration_s": 60,
                "info_fee_hao": 300,
            }
        ],
        at=at("2026-11-05T09:00"),
    )

    bill = a_bill(own_account(line), "2026-11", (line, "LATE_USAGE", 25))
    (late,) = explain_line(bill.lines.get())
    assert (late.record_id, late.item, late.month) == ("a", "VOICE_LOCAL", OCTOBER.first_day)
    assert late.amount_hao + late.info_fee_hao == 2500


def test_of_a_month_with_a_transfer_the_old_account_pays_what_began_before_it():
    operator = an_operator()
    line = operator.subscriptions["f9"]
    old = own_account(line)
    _transfer(line, at("2026-10-15T12:00"))
    new = own_account(line)
    call = {**CALL, "service_number": "01062000009", "duration_s": 60}
    usage.load(
        rows=[
            {**call, "record_id": "a", "start_at": "2026-10-15T11:59:59"},
            {**call, "record_id": "b", "start_at": "2026-10-15T12:00:00"},
        ],
        at=LOADED_AT,
    )
    assert _behind(old, "2026-10", line, "VOICE_LOCAL") == [("a", 2200)]
    assert _behind(new, "2026-10", line, "VOICE_LOCAL") == [("b", 2200)]

    # late, too
    ClosedMonth.objects.create(month=OCTOBER.first_day, closed_at=at("2026-11-03T02:00"))
    usage.load(
        rows=[
            {**call, "record_id": "c", "start_at": "2026-10-10T10:00:00"},
            {**call, "record_id": "d", "start_at": "2026-10-20T10:00:00", "duration_s": 240},
        ],
        at=at("2026-11-05T09:00"),
    )
    assert _behind(old, "2026-11", line, "LATE_USAGE") == [("c", 2200)]
    assert _behind(new, "2026-11", line, "LATE_USAGE") == [("d", 3300)]


def test_late_usage_is_paid_by_who_pays_in_the_month_of_its_bill():
    operator = an_operator()
    line = operator.subscriptions["f9"]
    unified = accounts.open_unified(
        owner_id=operator.owner.pk, name="u1", at=at("2026-10-20T09:00")
    )
    PayRelation.objects.filter(subscription=line).update(valid_until=at("2026-11-01T00:00"))
    PayRelation.objects.create(
        subscription=line, account=unified, valid_from=at("2026-11-01T00:00")
    )
    ClosedMonth.objects.create(month=OCTOBER.first_day, closed_at=at("2026-11-03T02:00"))
    usage.load(
        rows=[{**CALL, "service_number": "01062000009", "record_id": "a", "duration_s": 60}],
        at=at("2026-11-05T09:00"),
    )

    assert _behind(unified, "2026-11", line, "LATE_USAGE") == [("a", 2200)]
    assert _behind(own_account(line), "2026-11", line, "LATE_USAGE") == []


def test_a_fee_has_no_calls_behind_it():
    operator = an_operator()
    line = operator.subscriptions["f9"]
    bill: Bill = a_bill(own_account(line), "2026-10", (line, "PLAN_FEE", 2500))

    assert explain_line(BillLine.objects.get(bill=bill)) == []
    assert Account.objects.filter(bills=bill).exists()


def _behind(account: Account, month: str, line, item: str) -> list[tuple[str, int]]:
    """The records and their hao behind the line that a bill of this account would have."""
    bill = a_bill(account, month, (line, item, 1))
    return [(record.record_id, record.amount_hao) for record in explain_line(bill.lines.get())]


def _transfer(line, moment) -> None:
    from customers.services import subscriptions

    buyer = a_customer("上海暮色贸易有限公司")
    subscriptions.change_owner(subscription_id=line.pk, owner_id=buyer.pk, at=moment)
    accounts.transfer_account(subscription_id=line.pk, new_owner_id=buyer.pk, at=moment)
