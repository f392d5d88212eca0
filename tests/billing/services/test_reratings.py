"""After a tariff correction: what is shown is what is done, to the fen, once."""

import pytest
from django.core.management import call_command
from django.db import connection

from billing.models import Adjustment, Bill, Charge, Journal, ReratedLine, UnbilledAccount
from billing.services import reratings, usage
from billing.services.month_end import close_month
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun, Notice
from bss.kernel.periods import Month
from packages_wo.models import TariffRate
from tests.billing.views.house import CALL, a_closed_october
from tests.builders.billing import a_customer, moment
from tests.builders.by_hand import corrected as by_hand
from tests.builders.staff import a_staff
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


def test_whoever_asked_is_told_how_it_ended(october):
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    found = done(a_preview())
    told = Notice.objects.get(staff=found.approval.asked_by, text__words__startswith="资费重批")
    assert told.text["facts"] == {"code": found.code, "made": 1, "left": 0}
    assert told.url == f"/billing/reratings/{found.pk}"


def test_done_again_it_changes_nothing_more(october):
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    found = done(a_preview())
    reratings.carry_out(found)
    assert Adjustment.objects.count() == Charge.objects.count() == 1

    again = a_preview()
    assert again.found["totals"]["lines"] == 0
    with pytest.raises(BadInputError, match="没有差异"):
        approved(again)


def test_a_second_correction_is_of_what_is_still_wrong(october):
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    done(a_preview())
    a_corrected_catalogue(name="again", bundles={"overflow_per_minute": "0.12"})
    done(a_preview())

    first, second = Adjustment.objects.order_by("pk").values_list("amount_fen", flat=True)
    billed = october.call_bill.lines.get(item="VOICE_LOCAL").amount_fen
    assert (first, second) == (-billed // 3, billed * 2 // 15)
    assert billed + first + second == billed * 12 // 15


def test_fees_are_corrected_too_those_of_the_holders_alone(october):
    a_corrected_catalogue(
        bundles={"basic": {"tiers": {56: {"monthly": "50.00"}}}},
        plans={"3G-96": {"monthly": "100.00"}},
    )
    of_bundles = a_preview(offering="tier:basic:56")
    assert {(line.item, line.difference_fen) for line in of_bundles.lines.all()} == {
        ("BUNDLE_FEE", -600),
        ("PLAN_FEE", 400),  # of the 3G member: it shares the bundle
    }
    assert of_bundles.lines.filter(item="BUNDLE_FEE").count() == 2
    of_plan = a_preview(offering="plan:3G-96")
    assert of_plan.lines.filter(item="PLAN_FEE").count() == 2  # w1 in the bundle, w9 alone
    nobody = a_preview(offering="tier:enhanced:136")
    assert nobody.found["totals"]["lines"] == 0


def test_debits_are_waived_when_only_credits_are_wanted(october):
    a_corrected_catalogue(
        bundles={"overflow_per_minute": "0.10"}, plans={"3G-96": {"monthly": "100.00"}}
    )
    found = a_preview(credits_only=True)
    assert (found.found["totals"]["waive"], found.found["totals"]["debits_fen"]) == (2, 0)
    done(found)
    assert [one.amount_fen < 0 for one in Adjustment.objects.all()] == [True]


def test_what_a_person_has_adjusted_is_left_to_people(october):
    by_hand(october.call_bill.lines.get(item="VOICE_LOCAL"), -10)
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    found = a_preview()
    assert (found.found["totals"]["by_hand"], found.found["totals"]["adjust"]) == (1, 0)
    with pytest.raises(BadInputError, match="没有差异"):
        approved(found)


def test_what_its_records_do_not_come_to_is_left_to_people(october):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_record WHERE line LIKE 'b,%'")
    found = a_preview()
    assert lines(found) == {"VOICE_LOCAL": ("by_hand", 75, 0)}


def test_what_changed_since_the_preview_is_not_done(october):
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    found = a_preview()
    approved(found)
    by_hand(october.call_bill.lines.get(item="VOICE_LOCAL"), -10)

    reratings.carry_out(found)

    assert (found.state, found.found["left"]) == ("changed", 1)
    assert Adjustment.objects.count() == 1  # the one by hand


def test_another_catalogue_since_the_preview_refuses_the_approval(october):
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    found = a_preview()
    a_corrected_catalogue(name="again", bundles={"overflow_per_minute": "0.12"})
    with pytest.raises(BadInputError, match="2026-10 的产品目录或关帐状态在预览以后变了"):
        approved(found)


def test_late_usage_is_adjusted_where_it_was_billed_and_replaced_where_it_was_not(october):
    late = {**CALL, "record_id": "late", "start_at": "2026-10-20T09:00", "duration_s": 600}
    usage.load(rows=[late], at=moment("2026-11-04T10:00"))
    a_corrected_catalogue(**CHEAPER_OVERFLOW)

    open_bill = a_preview()
    assert lines(open_bill)["LATE_USAGE"] == ("replace", 150, 100)
    close_month(month=NOVEMBER, at=moment("2026-12-03T02:00"))
    billed = a_preview(at=moment("2026-12-05T10:00"))
    assert lines(billed)["LATE_USAGE"] == ("adjust", 150, 100)
    done(billed, at=moment("2026-12-05T10:00"))
    of_late = Adjustment.objects.get(rerated__item="LATE_USAGE")
    assert (of_late.amount_fen, of_late.bill_line.bill.month) == (-50, NOVEMBER.first_day)


def test_late_usage_of_an_open_bill_is_written_at_the_new_price(october):
    late = {**CALL, "record_id": "late", "start_at": "2026-10-20T09:00", "duration_s": 600}
    usage.load(rows=[late], at=moment("2026-11-04T10:00"))
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    done(a_preview())
    assert amounts_hao() == {"a": 0, "b": 7500, "late": 10000}
    close_month(month=NOVEMBER, at=moment("2026-12-03T02:00"))
    bill = Bill.objects.get(account=october.own, month=NOVEMBER.first_day)
    assert bill.lines.get(item="LATE_USAGE").amount_fen == 100


def test_one_customer_alone_is_looked_at(october):
    other = a_customer("北京另一家商贸有限公司")
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    assert a_preview(customer_id=other.pk).found["totals"]["lines"] == 0
    assert a_preview(customer_id=october.operator.owner.pk).found["totals"]["lines"] == 1


def test_one_changed_line_holds_no_other_up(october):
    a_corrected_catalogue(
        plans={"3G-96": {"monthly": "100.00"}}, bundles={"overflow_per_minute": "0.10"}
    )
    found = a_preview()
    approved(found)
    by_hand(october.call_bill.lines.get(item="VOICE_LOCAL"), -10)
    reratings.carry_out(found)
    assert (found.state, found.found["left"], found.found["adjustments"]) == ("changed", 1, 2)
    assert set(Charge.objects.values_list("amount_fen", flat=True)) == {-10, 400}


def test_whoever_is_not_billed_yet_is_left_to_the_later_bill(october):
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    parked(october.unified)
    assert a_preview().found["totals"]["lines"] == 1
    parked(october.own)
    assert a_preview().found["totals"]["lines"] == 0


def test_a_month_that_is_being_billed_is_refused(october):
    BatchRun.objects.filter(kind="close_month").update(state="running")
    with pytest.raises(BadInputError, match="2026-10 正在出帐"):
        a_preview()


def test_a_month_to_come_is_refused(october):
    with pytest.raises(BadInputError, match="月份次序不对"):
        a_preview(Month(2026, 12))


def test_usage_that_has_no_price_any_more_stops_it(october):
    usage.load(
        rows=[
            {
                **CALL,
                "record_id": "n",
                "start_at": "2026-11-04T09:00",
                "duration_s": 60,
                "service_number": "13011119999",
            }
        ],
        at=moment("2026-11-05T09:00"),
    )
    version = a_corrected_catalogue(**CHEAPER_OVERFLOW)
    TariffRate.objects.filter(version=version, tariff="m2g_std").delete()
    found = a_preview(NOVEMBER)
    assert found.found["unpriced"] == 1
    with pytest.raises(BadInputError, match="没有价格"):
        approved(found)


def test_the_command_previews_and_with_two_persons_does_it(october, capsys):
    a_staff("batch_operator", username="maker")
    a_staff("supervisor", username="checker")
    a_corrected_catalogue(**CHEAPER_OVERFLOW)
    call_command("rerate", "2026-10", "--at", "2026-11-05T10:00")
    assert Adjustment.objects.count() == 0
    assert "1 charges of 1 accounts" in capsys.readouterr().out
    call_command("rerate", "2026-10", "--approve", "maker", "checker", "--at", "2026-11-05T10:00")
    assert "1 adjustments" in capsys.readouterr().out
    assert Adjustment.objects.get().by.username == "maker"


def parked(account):
    UnbilledAccount.objects.create(
        account=account, month=OCTOBER.first_day, why="…", parked_at=moment("2026-11-03T02:00")
    )


def lines(rerating):
    return {
        line.item: (line.treatment, line.old_fen, line.new_fen) for line in rerating.lines.all()
    }


def amounts_hao():
    with connection.cursor() as cursor:
        cursor.execute("SELECT split_part(line, ',', 1), amount_hao FROM billing_record")
        return dict(cursor.fetchall())
