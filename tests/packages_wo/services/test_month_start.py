from datetime import date

import pytest

from bss.kernel.periods import local_moment
from customers.models import Subscription
from customers.services import subscriptions
from packages_wo.models import Bundle, BundleTerm, Membership, Pool, SubscriptionPlan
from packages_wo.queries.bundles import composition_in_force, shown_plan
from packages_wo.rules.requests import CancelBundle, ChangeBundle
from packages_wo.services import bundles, holdings
from packages_wo.services.bundles import apply_due
from tests.builders.customers import a_company
from tests.builders.packages import (
    a_basic_pair,
    a_bundle,
    a_catalogue,
    a_member,
    a_pack,
    an_accepted_bundle,
)

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
CHANGED_AT = local_moment("2026-10-10T10:00")


@pytest.fixture(autouse=True)
def _catalogue():
    a_catalogue()


def change(bundle, order_ref="ch1", at=CHANGED_AT, completed=True, **fields):
    request = ChangeBundle(bundle_id=bundle.pk, **fields)
    assert bundles.check_change(request=request, at=at) == []
    accepted = bundles.accept_change(request=request, order_ref=order_ref, at=at)
    if completed:
        bundles.schedule(order_ref=order_ref, completed_at=at)
    return accepted


def cancel(bundle, new_plans, order_ref="x1", at=CHANGED_AT):
    request = CancelBundle(bundle_id=bundle.pk, new_plans=new_plans)
    assert bundles.check_cancellation(request=request, at=at) == []
    bundles.accept_cancellation(request=request, order_ref=order_ref, at=at)
    bundles.schedule(order_ref=order_ref, completed_at=at)


def again(instance):
    return type(instance).objects.get(pk=instance.pk)


def test_a_pending_bundle_takes_effect_on_the_first_after_its_completion():
    customer, line, mobile = a_basic_pair()
    bundle = an_accepted_bundle(customer, line, mobile)
    due_on = bundles.schedule(order_ref="o1", completed_at=local_moment("2026-09-30T23:59:59"))

    done = apply_due(on=OCTOBER)

    assert due_on == OCTOBER
    (effect,) = done.effects
    assert (effect.kind, effect.order_ref, effect.ended) == ("open", "o1", False)
    assert effect.joined == ((line.pk, "base"), (mobile.pk, "base"))
    assert effect.at == local_moment("2026-10-01T00:00")
    assert (again(bundle).state, again(bundle).effective_on) == ("in_force", OCTOBER)
    assert shown_plan([line.pk, mobile.pk]) == {line.pk: "basic-A-106", mobile.pk: "basic-A-106"}
    assert again(line).long_distance is True


def test_a_second_run_changes_nothing():
    customer, line, mobile = a_basic_pair()
    an_accepted_bundle(customer, line, mobile)
    bundles.schedule(order_ref="o1", completed_at=local_moment("2026-09-12T16:00"))
    first = apply_due(on=OCTOBER)

    second = apply_due(on=OCTOBER)

    assert (len(first.effects), first.pools_opened) == (1, 1)
    assert (second.effects, second.pools_opened, second.plan_changes) == ((), 0, 0)
    assert Pool.objects.count() == BundleTerm.objects.count() == 1


def test_a_missing_month_start_is_caught_up_and_dated_its_own_first():
    customer, line, mobile = a_basic_pair()
    bundle = an_accepted_bundle(customer, line, mobile)
    bundles.schedule(order_ref="o1", completed_at=local_moment("2026-09-12T16:00"))

    apply_due(on=NOVEMBER)

    assert again(bundle).effective_on == OCTOBER
    assert bundle.terms.get().valid_from == NOVEMBER
    assert list(Pool.objects.values_list("month", "minutes", "vpn_minutes")) == [
        (NOVEMBER, 750, 600)
    ]


def test_the_pool_has_the_minutes_of_tier_and_packs_and_only_from_its_term():
    customer, line, mobile = a_basic_pair()
    extra = a_member(customer, "fixed")
    bundle = a_bundle(
        customer, line, mobile, packs=(a_pack("MIN-300"), a_pack("TERM-SHARE", extra))
    )
    change(bundle, tier=306, packs=())

    apply_due(on=NOVEMBER)

    assert list(Pool.objects.values_list("month", "minutes", "vpn_minutes")) == [
        (OCTOBER, 1110, 600),
        (NOVEMBER, 2500, None),
    ]
    assert shown_plan([extra.pk]) == {extra.pk: "FIXED-STD"}


def test_products_speed_and_address_come_with_the_bundle_and_go_with_it():
    customer, line, mobile = a_basic_pair()
    broadband = a_member(customer, "broadband", plan="ADSL-1M")
    bundle = an_accepted_bundle(
        customer,
        line,
        mobile,
        broadband,
        offering="enhanced",
        tier=136,
        packs=(a_pack("STATIC-IP"), a_pack("BB-4M")),
    )
    opening = bundle.changes.get()
    bundles.record_opened_vas(opening, [(mobile.pk, "caller_id"), (broadband.pk, "group_mail")])
    bundles.schedule(order_ref="o1", completed_at=local_moment("2026-09-12T16:00"))
    apply_due(on=OCTOBER)
    assert (again(broadband).speed_kbps, again(broadband).static_ip) == (4096, True)
    assert held_products(mobile) == {"caller_id"}
    cancel(bundle, {line.pk: "FIXED-STD", mobile.pk: "M2G-BLOCK", broadband.pk: "ADSL-2M"})

    (effect,) = apply_due(on=NOVEMBER).effects

    assert (effect.kind, effect.ended, effect.main_id) == ("cancel", True, line.pk)
    assert [who for who, _ in effect.left] == [line.pk, mobile.pk, broadband.pk]
    assert (again(broadband).speed_kbps, again(broadband).static_ip) == (2048, False)
    assert held_products(mobile) == held_products(broadband) == set()
    assert shown_plan([mobile.pk, broadband.pk]) == {
        mobile.pk: "M2G-BLOCK",
        broadband.pk: "ADSL-2M",
    }
    assert (again(bundle).state, again(bundle).ends_on) == ("ended", NOVEMBER)
    assert list(
        SubscriptionPlan.objects.filter(subscription=mobile).values_list("plan", "valid_from")
    ) == [
        ("M2G-STD", local_moment("2026-01-01T00:00")),
        ("M2G-BLOCK", local_moment("2026-11-01T00:00")),
    ]


def held_products(subscription):
    return set(
        subscription.value_added.filter(valid_until__isnull=True).values_list("product", flat=True)
    )


def test_a_product_that_a_member_had_before_stays_when_it_leaves():
    customer = a_company()
    line = a_member(customer, "fixed", vas=("caller_id",))
    mobile = a_member(customer, "m2g")
    bundle = a_bundle(customer, line, mobile)
    cancel(bundle, {line.pk: "FIXED-STD", mobile.pk: "M2G-STD"})

    apply_due(on=NOVEMBER)

    assert held_products(line) == {"caller_id"}


def test_a_changed_bundle_keeps_the_order_of_who_stays_and_puts_the_new_ones_last():
    customer, line, mobile = a_basic_pair()
    wireless = a_member(customer, "m3g")
    first, second, third = (a_member(customer, "fixed") for _ in range(3))
    bundle = a_bundle(
        customer,
        wireless,
        mobile,
        line,
        scheme="B",
        packs=(a_pack("TERM-VPN", first), a_pack("TERM-SHARE", second)),
    )
    other = a_member(customer, "m2g")
    change(
        bundle,
        remove=(mobile.pk,),
        add=(other.pk,),
        packs=(
            a_pack("MIN-300"),
            a_pack("TERM-VPN", third),
            a_pack("TERM-SHARE", second),
            a_pack("TERM-VPN", first),
        ),
    )

    (effect,) = apply_due(on=NOVEMBER).effects

    expected = [wireless.pk, line.pk, other.pk, first.pk, second.pk, third.pk]
    assert list(composition_in_force(bundle.pk).members) == expected
    in_force = Membership.objects.filter(bundle=bundle, state="in_force").order_by("position")
    assert list(in_force.values_list("subscription_id", flat=True)) == expected
    assert effect.left == ((mobile.pk, "base"),)
    assert effect.joined == ((other.pk, "base"), (third.pk, "vpn_terminal"))


def test_scheme_b_without_its_3g_member_becomes_a():
    customer, line, mobile = a_basic_pair()
    wireless = a_member(customer, "m3g")
    bundle = a_bundle(customer, line, mobile, wireless, scheme="B")
    change(bundle, remove=(wireless.pk,))

    apply_due(on=NOVEMBER)

    assert shown_plan([line.pk, wireless.pk]) == {line.pk: "basic-A-106", wireless.pk: "3G-96"}


def test_of_several_changes_only_the_last_has_any_effect():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    extra = a_member(customer, "fixed")
    change(bundle, "ch1", packs=(a_pack("MIN-300"),))
    change(bundle, "ch2", packs=(a_pack("TERM-SHARE", extra),), completed=False)

    last = change(bundle, "ch3", tier=206, packs=(a_pack("TERM-VPN", extra),))
    apply_due(on=NOVEMBER)

    assert last.superseded_order_refs == ("ch2",)
    assert list(bundle.changes.values_list("order_ref", "state")) == [
        ("o1", "applied"),
        ("ch1", "superseded"),
        ("ch2", "superseded"),
        ("ch3", "applied"),
    ]
    assert Pool.objects.get(month=NOVEMBER).minutes == 1600


def test_a_withdrawn_order_frees_its_members_and_never_acts():
    customer, line, mobile = a_basic_pair()
    bundle = an_accepted_bundle(customer, line, mobile)

    bundles.withdraw(order_ref="o1")

    assert again(bundle).state == "cancelled"
    assert apply_due(on=OCTOBER).effects == ()
    a_bundle(customer, line, mobile, order_ref="o2")


def test_own_plans_change_first_and_the_last_completed_of_a_month_counts():
    broadband = a_member(a_company(), "broadband", plan="ADSL-1M")
    for ref, plan, day in (("p1", "ADSL-4M", 3), ("p2", "ADSL-2M", 4)):
        holdings.schedule_plan_change(
            subscription_id=broadband.pk,
            plan=plan,
            order_ref=ref,
            completed_at=local_moment(f"2026-09-0{day}T10:00"),
        )

    done = apply_due(on=OCTOBER)

    assert done.plan_changes == 1
    assert shown_plan([broadband.pk]) == {broadband.pk: "ADSL-2M"}
    assert again(broadband).speed_kbps == 2048


def lose(subscription, at="2026-10-20T10:00"):
    moment = local_moment(at)
    subscriptions.suspend(subscription_ids=[subscription.pk], reason="debt", at=moment)
    assert subscriptions.pre_terminate(subscription_ids=[subscription.pk], at=moment)


def test_a_bundle_that_lost_a_required_member_ends_on_the_next_first():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    change(bundle, "ch1", tier=206, completed=False)
    lose(mobile)

    done = apply_due(on=NOVEMBER)

    (effect,) = done.effects
    assert (effect.kind, effect.order_ref, effect.ended) == ("pre_terminated_end", "", True)
    assert done.lapsed_order_refs == ("ch1",)
    assert (again(bundle).state, again(bundle).ends_on) == ("ended", NOVEMBER)
    assert shown_plan([line.pk]) == {line.pk: "FIXED-STD"}


def test_a_complete_change_of_a_bundle_that_ends_lapses_without_a_word():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    change(bundle, "ch1", tier=206)
    lose(mobile)

    done = apply_due(on=NOVEMBER)

    assert done.lapsed_order_refs == ()
    assert bundle.changes.get(order_ref="ch1").state == "lapsed"


def test_a_due_cancellation_goes_before_the_ending_by_pre_termination():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    cancel(bundle, {line.pk: "FIXED-STD", mobile.pk: "M2G-BLOCK"})
    lose(mobile)

    (effect,) = apply_due(on=NOVEMBER).effects

    assert (effect.kind, effect.order_ref) == ("cancel", "x1")
    assert shown_plan([mobile.pk]) == {mobile.pk: "M2G-BLOCK"}


def test_a_loss_after_the_first_waits_for_the_next_first():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    lose(mobile, at="2026-11-01T02:00")

    assert apply_due(on=NOVEMBER).effects == ()
    assert again(bundle).state == Bundle.State.IN_FORCE
    assert len(apply_due(on=DECEMBER).effects) == 1


def test_the_loss_of_an_optional_member_ends_nothing():
    customer, line, mobile = a_basic_pair()
    wireless = a_member(customer, "m3g")
    a_bundle(customer, line, mobile, wireless, scheme="B")
    lose(mobile)

    assert apply_due(on=NOVEMBER).effects == ()
    assert Subscription.objects.get(pk=mobile.pk).state == "pre_terminated"
