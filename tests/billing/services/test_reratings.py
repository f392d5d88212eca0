"""After a tariff correction: what is shown is what is done, to the fen, once."""

import pytest

from billing.models import Adjustment, Bill, Charge, Journal, ReratedLine, Rerating
from billing.services.month_end import close_month
from bss.kernel.errors import BadInputError
from bss.kernel.periods import Month
from tests.billing.views.house import a_closed_october
from tests.builders.billing import moment
from tests.builders.tariffs import a_corrected_catalogue, a_preview, approved, done
from tests.builders.usage import OCTOBER

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
CHEAPER_OVERFLOW = {"bundles": {"overflow_per_minute": "0.10"}}


@pytest.fixture
def october():
    """f1 talked five minutes beyond its pool of 60, at 0.15 yuan a minute."""
    return a_closed_october()


def test_a_preview_says_what_it_would_bring_and_changes_nothing(october):
    call = october.call_bill.lines.get(item="VOICE_LOCAL")
    before = (Charge.objects.count(), Journal.objects.count(), call.amount_fen)
    a_corrected_catalogue(**CHEAPER_OVERFLOW)

    found = a_preview()

    line = ReratedLine.objects.get()
    assert (line.item, line.bill_line, line.treatment) == ("VOICE_LOCAL", call, "adjust")
    assert (line.old_fen, line.new_fen) == (call.amount_fen, call.amount_fen * 2 // 3)
    assert found.state == "looked"
    totals = found.found["totals"]
    assert (totals["credits_fen"], totals["debits_fen"]) == (line.difference_fen, 0)
    assert (totals["accounts"], totals["bills"], totals["adjust"]) == (1, 1, 1)
    assert found.found["records"] == 2
    assert [row["account"] for row in found.found["largest"]] == [october.own.code]
    assert (Charge.objects.count(), Journal.objects.count(), call.amount_fen) == before


def test_a_closed_month_is_adjusted_on_the_next_bill_with_its_tax(october):
    call = october.call_bill.lines.get(item="VOICE_LOCAL")
    a_corrected_catalogue(**CHEAPER_OVERFLOW)

    found = done(a_preview())

    assert found.state == "done"
    made = Adjustment.objects.get()
    assert (made.bill_line, made.amount_fen) == (call, -call.amount_fen // 3)
    assert made.month == NOVEMBER.first_day
    close_month(month=NOVEMBER, at=moment("2026-12-03T02:00"))
    bill = Bill.objects.get(account=october.own, month=NOVEMBER.first_day)
    line = bill.lines.get(item="ADJUSTMENT")
    assert (line.amount_fen, line.tax_fen) == (made.amount_fen, made.tax_fen)
    assert line.why["because"][0]["memo"] == "2026-10 本地通话费 资费更正"
