"""A wrong tariff from the first bill to the corrected one, over a closed and an open month."""

import pytest

from billing.models import Bill
from billing.services import usage
from billing.services.books import check_books
from billing.services.month_end import close_month
from billing.services.payments import pay
from bss.kernel.periods import Month
from tests.billing.views.house import CALL, a_closed_october
from tests.builders.billing import a_channel, moment, public_of
from tests.builders.tariffs import a_corrected_catalogue, a_preview, done
from tests.builders.usage import OCTOBER

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
IN_NOVEMBER, CLOSED_AT = moment("2026-11-20T10:00"), moment("2026-12-03T02:00")


def items_of(bill):
    return {line.item: line.amount_fen for line in bill.lines.order_by("position")}


def test_a_wrong_tariff_is_set_right_in_both_months():
    # October is billed and paid at 0.40 yuan a minute; November's calls are rated at it
    october = a_closed_october()
    m9 = october.operator.subscriptions["m9"]
    call = {**CALL, "service_number": m9.number, "other_number": "01088880001"}
    usage.load(
        rows=[
            {**call, "record_id": "late", "start_at": "2026-10-09T09:00", "duration_s": 121 * 60},
            {**call, "record_id": "nov", "start_at": "2026-11-09T09:00", "duration_s": 125 * 60},
        ],
        at=IN_NOVEMBER,
    )
    own = m9.own_accounts.get()
    bill = Bill.objects.get(account=own, month=OCTOBER.first_day)
    assert items_of(bill) == {"PLAN_FEE": 36_00}
    pay(account_id=own.pk, amount_fen=36_00, key="p", at=IN_NOVEMBER, channel_id=a_channel().pk)

    # the plan was 30 yuan with 120 minutes, and the minute beyond 0.30
    a_corrected_catalogue(
        plans={"M2G-BLOCK": {"monthly": "30.00"}},
        tariffs={"m2g_std": {"local": {"first": "0.30", "next": "0.30"}}},
        at=IN_NOVEMBER,
    )
    found = a_preview(OCTOBER, NOVEMBER, offering="plan:M2G-BLOCK", at=IN_NOVEMBER)
    shown = {
        (f"{line.month:%m}", line.item): (line.treatment, line.old_fen, line.new_fen)
        for line in found.lines.filter(account=own)
    }
    assert shown == {
        ("10", "PLAN_FEE"): ("adjust", 36_00, 30_00),
        ("10", "LATE_USAGE"): ("replace", 40, 30),
        ("11", "VOICE_LOCAL"): ("replace", 2_00, 1_50),
    }
    done(found, at=IN_NOVEMBER)

    # the next bill gives October's difference back and charges the right prices
    close_month(month=NOVEMBER, at=CLOSED_AT)
    assert items_of(bill) == {"PLAN_FEE": 36_00}
    november = Bill.objects.get(account=own, month=NOVEMBER.first_day)
    assert items_of(november) == {
        "PLAN_FEE": 30_00,
        "VOICE_LOCAL": 1_50,
        "LATE_USAGE": 30,
        "ADJUSTMENT": -6_00,
    }
    credit = november.lines.get(item="ADJUSTMENT")
    assert credit.tax_fen == -50  # 6.00 x 9 / 109, rounded half up
    assert (november.total_fen, november.due_fen) == (25_80, 25_80)
    assert public_of(own).cash_fen == 0
    assert check_books(at=CLOSED_AT).differences == 0
    assert a_preview(OCTOBER, NOVEMBER, at=CLOSED_AT).found["totals"]["lines"] == 0
