"""Two real months compared: the reasons are right, and together they are the whole difference."""

from datetime import datetime, timedelta

import pytest

from billing.models import Account, Bill
from billing.papers.change_words import explain
from billing.queries.bill_changes import BillChanges, bill_changes
from billing.rules.bill_causes import Cause
from billing.services import usage
from billing.services.charges import charge_once
from billing.services.month_end import close_month
from bss.kernel.periods import Month, local_moment
from packages_wo.models import SubscriptionPlan
from tests.builders.billing import NEW_YEAR, a_customer, a_line, own_account
from tests.builders.usage import OCTOBER, a_subscriber, the_catalogue

pytestmark = pytest.mark.django_db

NOVEMBER = Month(2026, 11)


@pytest.fixture
def account() -> Account:
    """A fixed line on its own; in October it makes one call of 4 minutes."""
    the_catalogue()
    line = a_subscriber(a_customer(), "01062000001", "fixed", "FIXED-STD")
    call("a", "2026-10-05T09:00:00", minutes=4)
    return own_account(line)


def call(key: str, start_at: str, *, minutes: int, loaded_at: datetime | None = None) -> None:
    usage.load(
        rows=[
            {
                "record_id": key,
                "service_number": "01062000001",
                "call_type": "mo",
                "other_number": "01088880001",
                "start_at": start_at,
                "duration_s": minutes * 60,
            }
        ],
        at=loaded_at or local_moment(start_at) + timedelta(hours=12),
    )


def close_both() -> None:
    for month in (OCTOBER, NOVEMBER):
        close_month(month=month, at=closing(month))


def closing(month: Month) -> datetime:
    return local_moment(f"{month.next}-03T02:00")


def compared(account: Account, month: Month = NOVEMBER) -> BillChanges:
    return bill_changes(Bill.objects.get(account=account, month=month.first_day))


def causes(found: BillChanges) -> dict[str, tuple[Cause, int]]:
    return {one.item: (one.cause, one.difference_fen) for one in found.changes}


def whole(found: BillChanges) -> None:
    assert found.before is not None
    assert sum(one.difference_fen for one in found.changes) == found.difference_fen
    assert found.unchanged_fen + sum(one.after_fen for one in found.changes) == (
        found.bill.total_fen
    )


def test_more_calls_are_told_in_minutes(account: Account) -> None:
    call("b", "2026-11-05T09:00:00", minutes=9)
    call("c", "2026-11-06T09:00:00", minutes=2)
    close_both()
    found = compared(account)
    whole(found)
    [change] = found.changes
    assert (change.item, change.cause) == ("VOICE_LOCAL", Cause.USAGE)
    told = explain(found)
    assert told is not None
    [reason] = told.reasons
    assert "固定电话 010****0001 的使用费多" in reason.text
    assert "(收费 4 → 11 分钟)" in reason.text
    assert told.headline.startswith("2026-11 帐单 ")


def test_a_one_off_fee_is_a_reason_of_its_own(account: Account) -> None:
    call("b", "2026-11-05T09:00:00", minutes=4)
    line = account.subscription
    assert line is not None
    charge_once(
        subscription_id=line.pk,
        amount_fen=5000,
        category="installation",
        order_ref="O1",
        arose_at=local_moment("2026-11-10T10:00"),
        month=NOVEMBER,
        memo="移机费",
    )
    close_both()
    found = compared(account)
    whole(found)
    told = explain(found)
    assert told is not None
    assert causes(found) == {"ONE_OFF_FEE": (Cause.ONE_OFF, 5000)}
    assert "本月一次性费用 50.00 元(移机费)" in told.script


def test_late_usage_stands_as_what_it_is(account: Account) -> None:
    close_month(month=OCTOBER, at=closing(OCTOBER))
    call("late", "2026-10-20T09:00:00", minutes=30, loaded_at=local_moment("2026-11-04T10:00"))
    call("b", "2026-11-05T09:00:00", minutes=4)
    close_month(month=NOVEMBER, at=closing(NOVEMBER))
    found = compared(account)
    whole(found)
    assert causes(found)["LATE_USAGE"][0] == Cause.LATE_USAGE


def test_a_first_bill_has_nothing_to_be_compared_with(account: Account) -> None:
    close_month(month=OCTOBER, at=closing(OCTOBER))
    found = compared(account, OCTOBER)
    assert (found.before, found.changes, explain(found)) == (None, (), None)


def test_a_debt_from_before_the_system_is_not_compared(account: Account) -> None:
    bill = Bill(account=account, month=None, total_fen=1, issued_at=NEW_YEAR, due_on="2026-01-01")
    assert bill_changes(bill).before is None


def test_equal_months_have_no_reasons(account: Account) -> None:
    call("b", "2026-11-05T09:00:00", minutes=4)
    close_both()
    found = compared(account)
    told = explain(found)
    assert told is not None
    assert (found.changes, told.reasons) == ((), ())
    assert told.script.endswith("与上月相同。各项费用都与上月相同。")


def test_another_line_of_the_owner_is_not_its_reason(account: Account) -> None:
    a_line(account.owner, "01062000002")
    call("b", "2026-11-05T09:00:00", minutes=4)
    close_both()
    assert compared(account).changes == ()


def test_another_plan_names_both(account: Account) -> None:
    line = a_subscriber(account.owner, "13011110009", "m2g", "M2G-STD")
    SubscriptionPlan.objects.filter(subscription=line).update(valid_until=NOVEMBER.starts_at)
    SubscriptionPlan.objects.create(
        subscription=line, plan="M2G-PROMO", valid_from=NOVEMBER.starts_at
    )
    close_both()
    found = compared(own_account(line))
    whole(found)
    assert causes(found) == {"PLAN_FEE": (Cause.PLAN, 1800 - 5000)}
    told = explain(found)
    assert told is not None
    assert told.reasons[0].text == (
        "2G 130****0009 套餐由 2G 标准 50 元 改为 2G 优惠 18 元，月费由 50.00 元变为 18.00 元。"
    )
