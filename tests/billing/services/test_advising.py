"""The adviser against what was billed."""

import pytest
from django.db.models import Sum

from billing.models import AdviceLimit, BillLine, BundleAdvice
from billing.rules.advice import OUTSIDE
from billing.services import advising, usage
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from packages_wo.models import BundleTerm, Pool
from tests.builders.advice import (
    AUGUST,
    MOBILE,
    MONTHS,
    OCTOBER,
    SEPTEMBER,
    a_bundle_on,
    a_call,
    closed,
)
from tests.builders.staff import a_staff
from tests.builders.tariffs import a_corrected_catalogue

pytestmark = pytest.mark.django_db

AT = local_moment("2026-11-20T03:15:00")
ONE, TWO = MONTHS[2:], MONTHS[1:]


def nobody(customers, at):
    return {}


def advised(bundle, complaints=nobody):
    advising.advise_customer(customer_id=bundle.customer_id, at=AT, complaints=complaints)
    return BundleAdvice.objects.filter(bundle=bundle).first()


def billed_fen():
    """All that stands on bills but for what the adviser leaves aside."""
    return BillLine.objects.exclude(item__in=OUTSIDE).aggregate(all=Sum("amount_fen"))["all"]


def test_what_it_is_on_costs_what_was_billed():
    # given two packs beside tier 56: 950 minutes; a forwarded leg, a roaming call, texts, fees
    bundle = a_bundle_on(56, "MIN-300", "MIN-300")
    mobile = {"service_number": MOBILE, "start_at": "2026-09-07T10:00:00"}
    closed(AUGUST, a_call("a1", AUGUST, 400))
    closed(
        SEPTEMBER,
        a_call("s1", SEPTEMBER, 900, info_fee_hao=12_345),
        a_call("s2", SEPTEMBER, 77, **mobile),
        a_call("s3", SEPTEMBER, 9, **mobile, call_type="cf", other_number="02166660001"),
        a_call("s4", SEPTEMBER, 3, **mobile, visited_area="021"),
        a_call("s5", SEPTEMBER, 0, **mobile, call_type="sms"),
    )
    closed(OCTOBER, a_call("o1", OCTOBER, 1200))

    advice = advised(bundle)

    assert advice.months == [month.first_day for month in MONTHS]
    assert (advice.tier, advice.packs) == (56, [["MIN-300", 2]])
    assert advice.cost_fen == billed_fen()
    assert [row[1:] for row in advice.history] == [
        [134_00, 400, 0],
        [134_00 + 36 * 15 + 1_23 + 90 + 1_80 + 10, 986, 36],
        [134_00 + 250 * 15, 1200, 250],
    ]


def test_who_called_less_than_paid_for_is_shown_the_way_down():
    # given 400 minutes a month on tier 306
    bundle = a_bundle_on(306)
    for month in MONTHS:
        closed(month, a_call(f"c{month}", month, 400))

    advice = advised(bundle)

    # 56 yuan and 50 minutes beyond 350, at 0.15
    assert (advice.best_tier, advice.best_packs) == (56, [])
    assert advice.best_fen == 3 * (56_00 + 50 * 15)
    assert advice.saving_fen == 306_00 - 63_50
    assert [(tier, fen) for tier, _, fen in advice.options] == [
        (56, 3 * 63_50), (106, 3 * 106_00), (206, 3 * 206_00), (306, 3 * 306_00)
    ]  # fmt: skip


def test_packs_are_advised_where_they_cost_less_than_the_next_tier():
    # given 660 minutes: 350 and one pack of 300 with ten beyond
    bundle = a_bundle_on(106, months=ONE)
    for month in ONE:
        closed(month, a_call(f"c{month}", month, 660))
    advice = advised(bundle)
    assert (advice.best_tier, advice.best_packs) == (56, [["MIN-300", 1]])
    assert advice.saving_fen == 106_00 - (56_00 + 39_00 + 10 * 15)


def test_who_is_best_off_already_is_told_so():
    bundle = a_bundle_on(56, months=ONE)
    for month in ONE:
        closed(month, a_call(f"c{month}", month, 350))
    advice = advised(bundle)
    assert advice.is_best_already
    assert (advice.best_tier, advice.best_packs, advice.best_fen) == (56, [], 56_00)


def test_a_month_on_other_terms_is_reckoned_by_what_holds_now():
    # given September and October on tier 106, August on 56
    bundle = a_bundle_on(56)
    term = BundleTerm.objects.get(bundle=bundle)
    closed(AUGUST, a_call("a", AUGUST, 500))
    term.valid_until = SEPTEMBER.first_day
    term.save()
    BundleTerm.objects.create(
        bundle=bundle, change=term.change, scheme="A", tier=106, main=term.main,
        minutes=750, vpn_minutes=600, valid_from=SEPTEMBER.first_day,
    )  # fmt: skip
    Pool.objects.filter(bundle=bundle, month__gt=AUGUST.first_day).update(
        minutes=750, vpn_minutes=600
    )
    for month in (SEPTEMBER, OCTOBER):
        closed(month, a_call(f"c{month}", month, 500))

    advice = advised(bundle)

    assert advice.tier == 106
    assert advice.cost_fen == 3 * 106_00
    assert advice.history[0][1] == 56_00 + 150 * 15


def test_a_month_whose_records_do_not_come_to_its_bill_is_left_out():
    bundle = a_bundle_on(56, months=TWO)
    closed(SEPTEMBER, a_call("s", SEPTEMBER, 400))
    closed(OCTOBER, a_call("o", OCTOBER, 400))
    line = BillLine.objects.filter(bill__month=SEPTEMBER.first_day, item="VOICE_LOCAL").get()
    line.amount_fen += 1
    line.save()
    assert advised(bundle).months == [OCTOBER.first_day]


def test_a_month_whose_price_was_corrected_afterwards_is_left_out():
    # given a corrected price of the minute beyond, loaded for September alone
    bundle = a_bundle_on(56, months=TWO)
    for month in TWO:
        closed(month, a_call(f"c{month}", month, 400))
    a_corrected_catalogue(name="cheaper", since=SEPTEMBER, bundles={"overflow_per_minute": "0.10"})
    a_corrected_catalogue(name="as before", since=OCTOBER)
    assert advised(bundle).months == [OCTOBER.first_day]


def test_a_month_whose_fee_was_corrected_afterwards_is_left_out():
    bundle = a_bundle_on(56, months=TWO)
    for month in TWO:
        closed(month, a_call(f"c{month}", month, 400))
    tiers = {56: {"monthly": "55.00"}}
    a_corrected_catalogue(name="cheaper", since=OCTOBER, bundles={"basic": {"tiers": tiers}})
    assert advised(bundle).months == [SEPTEMBER.first_day]


def test_a_tier_that_is_new_is_compared_at_todays_price():
    # given a tier that is sold since November
    bundle = a_bundle_on(106, months=ONE)
    for month in ONE:
        closed(month, a_call(f"c{month}", month, 600))
    tiers = {80: {"monthly": "80.00", "minutes": 600, "vpn_minutes": 300}}
    a_corrected_catalogue(name="new tier", since=OCTOBER.next, bundles={"basic": {"tiers": tiers}})
    advice = advised(bundle)
    assert (advice.best_tier, advice.saving_fen) == (80, 106_00 - 80_00)


def test_late_usage_and_a_month_without_the_bundles_fee_are_no_part_of_it():
    bundle = a_bundle_on(56)
    closed(AUGUST, a_call("a", AUGUST, 400))
    usage.load(rows=[a_call("late", AUGUST, 33)], at=SEPTEMBER.ends_at)
    closed(SEPTEMBER, a_call("s", SEPTEMBER, 10))
    fee = BillLine.objects.filter(bill__month=SEPTEMBER.first_day, item="BUNDLE_FEE")
    fee.update(item="LATE_FEE")
    closed(OCTOBER)
    advice = advised(bundle)
    assert advice.months == [AUGUST.first_day, OCTOBER.first_day]
    assert advice.cost_fen == 2 * 56_00 + 50 * 15


def test_a_bundle_without_a_closed_month_has_no_advice():
    assert advised(a_bundle_on(56)) is None


def test_signs_of_leaving_stand_with_their_figures():
    bundle = a_bundle_on(56)
    for month, minutes in zip(MONTHS, (500, 420, 300), strict=True):
        closed(month, a_call(f"c{month}", month, minutes))
    advice = advised(bundle, complaints=lambda customers, at: dict.fromkeys(customers, 2))
    assert advice.signs == [
        ["usage_falls", {"first": 500, "last": 300, "percent": 40}],
        ["overflows", {"months": 2, "of": 3}],
        ["complains", {"count": 2, "days": 90}],
        ["owes", {"fen": 2 * 56_00}],  # August's and September's bills; October's is not due yet
    ]
    assert advice.risk == BundleAdvice.Risk.HIGH


def test_the_nightly_run_is_done_once_a_day_and_forgets_who_is_in_force_no_more(settings):
    settings.CLOSE_SHARDS = 2
    bundle = a_bundle_on(306, months=ONE)
    for month in ONE:
        closed(month, a_call(f"c{month}", month, 400))

    run = advising.advise_all(at=AT, complaints=nobody)

    reports = list(run.steps.order_by("shard").values_list("report", flat=True))
    assert sum(report["advised"] for report in reports) == 1
    assert sum(report["combinations"] for report in reports) == 4 * 11
    assert BundleAdvice.objects.get().saving_fen == 306_00 - 63_50
    assert advising.advise_all(at=AT, complaints=nobody).pk == run.pk
    assert advising.advise_all(at=AT, complaints=nobody, anew=True).key == "2026-11-20/2"

    type(bundle).objects.filter(pk=bundle.pk).update(state="ended", ends_on=OCTOBER.next.first_day)
    later = local_moment("2026-11-21T03:15:00")
    advising.advise_all(at=later, complaints=nobody)
    assert not BundleAdvice.objects.exists()


def test_limits_are_set_within_bounds_and_the_audit_keeps_what_they_were():
    officer = a_staff("supervisor")
    with pytest.raises(BadInputError):
        advising.set_limits(values={"usage_falls": 101}, by_id=officer.pk, at=AT)
    advising.set_limits(values={"saving_yuan": 35, "usage_falls": 30}, by_id=officer.pk, at=AT)
    assert list(AdviceLimit.objects.values_list("code", "value")) == [("saving_yuan", 35)]
    entry = AuditEntry.objects.get(kind="act", action="advice.set")
    assert entry.detail == {"saving_yuan": {"before": 20, "after": 35}}
