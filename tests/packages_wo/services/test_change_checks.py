from datetime import date

import pytest

from bss.kernel.errors import BadInputError
from bss.kernel.periods import local_moment
from packages_wo.models import Membership
from packages_wo.rules.requests import CancelBundle, ChangeBundle
from packages_wo.services import bundles
from packages_wo.services.bundles import apply_due
from tests.builders.customers import a_company, a_person
from tests.builders.packages import (
    a_basic_pair,
    a_bundle,
    a_catalogue,
    a_member,
    a_pack,
    an_accepted_bundle,
)

pytestmark = pytest.mark.django_db
AT = local_moment("2026-10-10T10:00")


@pytest.fixture(autouse=True)
def _catalogue():
    a_catalogue()


def rules(bundle, *, at=AT, in_arrears=(), **fields):
    request = ChangeBundle(bundle_id=bundle.pk, **fields)
    refusals = bundles.check_change(request=request, at=at, in_arrears=in_arrears)
    assert all(refusal.text for refusal in refusals)
    return sorted(refusal.rule for refusal in refusals)


def accept(bundle, ref, *, at=AT, **fields):
    request = ChangeBundle(bundle_id=bundle.pk, **fields)
    return bundles.accept_change(request=request, order_ref=ref, at=at)


def business(subscription, type, **fields):
    refusals = bundles.check_single_user(
        type=type, subscription_id=subscription.pk, at=AT, **fields
    )
    assert all(refusal.text for refusal in refusals)
    return sorted(refusal.rule for refusal in refusals)


def test_a_bundle_that_is_not_in_force_takes_no_change_and_nothing_else_is_looked_at():
    customer, line, mobile = a_basic_pair()
    bundle = an_accepted_bundle(customer, line, mobile)

    assert rules(bundle, remove=(mobile.pk,)) == ["EFF-3"]
    refusals = bundles.check_cancellation(request=CancelBundle(bundle_id=bundle.pk), at=AT)
    assert [refusal.rule for refusal in refusals] == ["EFF-3"]


def test_after_an_accepted_cancellation_everything_is_eff_3_until_it_is_withdrawn():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    plans = {line.pk: "FIXED-STD", mobile.pk: "M2G-STD"}
    request = CancelBundle(bundle_id=bundle.pk, new_plans=plans)
    bundles.accept_cancellation(request=request, order_ref="x1", at=AT)

    assert rules(bundle, tier=206) == ["EFF-3"]
    assert [r.rule for r in bundles.check_cancellation(request=request, at=AT)] == ["EFF-3"]
    bundles.withdraw(order_ref="x1")
    assert rules(bundle, tier=206) == []


def test_the_fourth_change_in_a_month_is_refused_over_all_bundles_also_after_withdrawals():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    _, other_line, other_mobile = a_basic_pair(customer)
    other = an_accepted_bundle(customer, other_line, other_mobile, order_ref="o2")
    bundles.schedule(order_ref="o2", completed_at=AT)
    apply_due(on=date(2026, 11, 1))
    in_november = local_moment("2026-11-05T10:00")
    for ref in ("ch1", "ch2"):
        accept(bundle, ref, tier=206, at=in_november)
    bundles.withdraw(order_ref="ch2")
    accept(other, "ch3", tier=206, at=in_november)

    assert rules(bundle, tier=306, at=in_november) == ["CHG-4"]
    assert rules(other, tier=306, at=local_moment("2026-11-30T23:59:59")) == ["CHG-4"]
    assert rules(other, tier=306, at=local_moment("2026-12-01T00:00")) == []


def test_a_change_keeps_a_composition_that_its_offering_allows():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    other = a_member(customer, "m2g")

    assert rules(bundle, remove=(mobile.pk,)) == ["CHG-1"]
    assert rules(bundle, add=(other.pk,)) == ["CHG-1"]
    assert rules(bundle, remove=(mobile.pk,), add=(other.pk,)) == []
    assert rules(bundle, packs=(a_pack("BB-4M"),)) == ["CHG-1"]


def test_a_change_never_makes_b_of_a():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)

    assert rules(bundle, add=(a_member(customer, "m3g").pk,)) == ["CHG-1"]


def test_a_bundle_opened_as_b_may_lack_what_it_lacks_already_and_nothing_more():
    customer = a_company()
    line, wireless = a_member(customer, "fixed"), a_member(customer, "m3g")
    bundle = a_bundle(customer, line, wireless, scheme="B")
    mobile = a_member(customer, "m2g")

    assert rules(bundle, remove=(wireless.pk,)) == []
    assert rules(bundle, remove=(wireless.pk, line.pk)) == ["CHG-1"]
    accept(bundle, "ch1", remove=(wireless.pk,))
    bundles.schedule(order_ref="ch1", completed_at=AT)
    apply_due(on=date(2026, 11, 1))
    november = local_moment("2026-11-05T10:00")
    assert rules(bundle, tier=206, at=november) == []
    accept(bundle, "ch2", add=(mobile.pk,), at=november)
    bundles.schedule(order_ref="ch2", completed_at=november)
    apply_due(on=date(2026, 12, 1))
    assert rules(bundle, remove=(mobile.pk,), at=local_moment("2026-12-05T10:00")) == ["CHG-1"]


def test_a_3g_member_may_be_exchanged_and_the_new_one_is_looked_at():
    customer, line, mobile = a_basic_pair()
    wireless = a_member(customer, "m3g")
    bundle = a_bundle(customer, line, mobile, wireless, scheme="B")
    good = a_member(customer, "m3g")
    cheap = a_member(a_person(), "m3g", plan="3G-66", real_name=False)

    assert rules(bundle, remove=(wireless.pk,), add=(good.pk,)) == []
    assert rules(bundle, remove=(wireless.pk,), add=(cheap.pk,)) == ["ELG-2", "ELG-5", "ELG-6"]


def test_no_one_changes_its_part_by_a_change():
    customer, line, mobile = a_basic_pair()
    shared, quiet = a_member(customer, "m2g"), a_member(customer, "m2g")
    bundle = a_bundle(
        customer,
        line,
        mobile,
        packs=(a_pack("TERM-SHARE", shared), a_pack("TERM-VPN", quiet)),
    )

    swapped = (a_pack("TERM-VPN", shared), a_pack("TERM-SHARE", quiet))
    assert rules(bundle, packs=swapped) == ["CHG-1", "CHG-1"]
    assert rules(bundle, remove=(mobile.pk, shared.pk), add=(shared.pk,)) == ["CHG-1", "CHG-1"]
    assert rules(bundle, remove=(mobile.pk,), add=(mobile.pk,)) == ["CHG-1"]
    assert rules(bundle, add=(mobile.pk,)) == ["CHG-1"]
    assert rules(bundle, remove=(shared.pk,)) == []


def test_only_those_who_join_are_asked_whether_they_may():
    customer = a_company()
    person = a_person()
    line, mobile = a_member(customer, "fixed"), a_member(person, "m2g")
    bundle = a_bundle(customer, line, mobile)
    person.listed = "black"
    person.save()

    assert rules(bundle, tier=206, in_arrears={mobile.pk}) == []
    terminal = a_member(person, "m2g")
    packs = (a_pack("TERM-VPN", terminal),)
    assert rules(bundle, packs=packs, in_arrears={terminal.pk}) == ["ELG-9", "ELG-9"]


def test_who_is_locked_by_an_earlier_change_of_the_same_bundle_may_be_named_again():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    _, other_line, other_mobile = a_basic_pair(customer)
    other = a_bundle_two(customer, other_line, other_mobile)
    terminal = a_member(customer, "m2g")
    packs = (a_pack("TERM-VPN", terminal),)
    accept(bundle, "ch1", packs=packs)

    assert rules(bundle, packs=packs) == []
    assert rules(other, packs=packs, at=local_moment("2026-11-02T10:00")) == ["ELG-9"]
    accept(bundle, "ch2", packs=(a_pack("TERM-SHARE", terminal),))
    locked = Membership.objects.get(subscription=terminal, state="pending")
    assert (locked.change.order_ref, locked.part) == ("ch2", "shared_terminal")


def a_bundle_two(customer, line, mobile):
    bundle = an_accepted_bundle(customer, line, mobile, order_ref="o2")
    bundles.schedule(order_ref="o2", completed_at=AT)
    apply_due(on=date(2026, 11, 1))
    return bundle


def test_every_member_with_the_bundles_plan_needs_a_new_plan_of_its_service():
    customer, line, mobile = a_basic_pair()
    wireless, shared, quiet = (a_member(customer, one) for one in ("m3g", "m2g", "m2g"))
    bundle = a_bundle(
        customer,
        line,
        mobile,
        wireless,
        scheme="B",
        packs=(a_pack("TERM-SHARE", shared), a_pack("TERM-VPN", quiet)),
    )

    def refused(**plans):
        request = CancelBundle(
            bundle_id=bundle.pk,
            new_plans={
                {"line": line, "mobile": mobile, "shared": shared}[k].pk: v
                for k, v in plans.items()
            },
        )
        found = bundles.check_cancellation(request=request, at=AT)
        return [(refusal.rule, refusal.facts["number"]) for refusal in found]

    assert refused(line="FIXED-STD", mobile="M2G-STD") == [("CAN-4", shared.number)]
    assert refused(line="M2G-STD", mobile="M2G-STD", shared="M2G-PROMO") == [("CAN-4", line.number)]
    assert refused(line="FIXED-STD", mobile="M2G-STD", shared="M2G-PROMO") == []


def test_a_prepaid_term_is_not_left_before_its_end():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    line.term_ends_on = date(2026, 10, 10)
    line.save()
    plans = {line.pk: "FIXED-STD", mobile.pk: "M2G-STD"}

    def refused(at=AT, **fields):
        request = CancelBundle(bundle_id=bundle.pk, new_plans=plans, **fields)
        return [r.rule for r in bundles.check_cancellation(request=request, at=at)]

    assert refused() == ["ELG-10"]
    assert refused(breach_recorded=True) == []
    assert refused(at=local_moment("2026-10-11T00:00")) == []


def test_unknown_tiers_packs_and_plans_are_bad_input():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)

    with pytest.raises(BadInputError) as caught:
        rules(bundle, tier=1, packs=(a_pack("NONE"),), add=(-1,))
    assert [place for place, _ in caught.value.faults] == ["tier", "packs", "members"]
    with pytest.raises(BadInputError, match="NONE"):
        bundles.check_cancellation(
            request=CancelBundle(bundle_id=bundle.pk, new_plans={line.pk: "NONE"}), at=AT
        )


@pytest.mark.parametrize("type", ["change_plan", "change_number", "transfer", "terminate"])
def test_what_would_move_the_effect_is_refused_while_the_bundle_is_pending(type):
    customer, line, mobile = a_basic_pair()
    quiet = a_member(customer, "m2g")
    an_accepted_bundle(customer, line, mobile, packs=(a_pack("TERM-VPN", quiet),))

    assert business(line, type) == business(quiet, type) == ["EFF-3"]


@pytest.mark.parametrize("type", ["hold", "resume", "replace_sim", "open_vas", "close_vas"])
def test_other_business_goes_on_while_the_bundle_is_pending(type):
    customer, line, mobile = a_basic_pair()
    wireless = a_member(customer, "m3g")
    an_accepted_bundle(customer, line, mobile, wireless, scheme="B")

    assert business(mobile, type) == business(wireless, type) == []


def test_a_pending_change_locks_those_whom_it_adds_until_it_is_superseded():
    customer, line, mobile = a_basic_pair()
    bundle = a_bundle(customer, line, mobile)
    terminal = a_member(customer, "m2g")
    accept(bundle, "ch1", packs=(a_pack("TERM-VPN", terminal),))

    assert business(terminal, "change_number") == ["EFF-3"]
    assert business(mobile, "change_number") == []
    accept(bundle, "ch2", tier=206)
    assert business(terminal, "change_number") == []


def test_the_matrix_of_single_user_business_in_a_bundle_in_force():
    customer, line, mobile = a_basic_pair()
    wireless, shared, quiet = (a_member(customer, one) for one in ("m3g", "m2g", "m2g"))
    a_bundle(
        customer,
        line,
        mobile,
        wireless,
        scheme="B",
        packs=(a_pack("TERM-SHARE", shared), a_pack("TERM-VPN", quiet)),
    )

    assert business(wireless, "hold") == business(wireless, "terminate") == ["CAN-5"]
    for member in (line, mobile, shared, quiet):
        assert business(member, "terminate") == ["CHG-1"]
        assert business(member, "hold") == []
    for member in (mobile, shared):
        assert business(member, "change_plan", plan="M2G-BLOCK") == ["CHG-1"]
    assert business(quiet, "change_plan", plan="M2G-BLOCK") == []
    assert business(wireless, "change_plan", plan="3G-66") == ["ELG-5"]
    assert business(wireless, "change_plan", plan="3G-286") == []


def test_a_dear_tier_keeps_its_3g_member_on_a_dear_plan():
    customer, line, mobile = a_basic_pair()
    wireless = a_member(customer, "m3g", plan="3G-286")
    dear = {"monthly": "1000.00", "minutes": 1, "vpn_minutes": 1}
    a_catalogue(bundles={"basic": {"tiers": {"1000": dear}}})
    december = local_moment("2026-12-05T10:00")
    bundle = an_accepted_bundle(
        customer, line, mobile, wireless, scheme="B", tier=1000, at=december
    )
    bundles.schedule(order_ref="o1", completed_at=december)
    apply_due(on=date(2027, 1, 1))

    refused = bundles.check_single_user(
        type="change_plan",
        subscription_id=wireless.pk,
        at=local_moment("2027-01-05T10:00"),
        plan="3G-66",
    )

    assert [refusal.rule for refusal in refused] == ["ELG-5", "ELG-7"]
    assert bundle.opened_as == "B"


def test_a_transfer_of_a_base_member_keeps_owner_and_name():
    customer, line, mobile = a_basic_pair()
    wireless, shared = a_member(customer, "m3g"), a_member(customer, "m2g")
    a_bundle(customer, line, mobile, wireless, scheme="B", packs=(a_pack("TERM-SHARE", shared),))
    person, namesake = a_person(), a_company(name=customer.name)

    assert business(line, "transfer", new_owner_id=person.pk) == ["ELG-3", "ELG-6"]
    assert business(line, "transfer", new_owner_id=namesake.pk) == ["ELG-3"]
    assert business(wireless, "transfer", new_owner_id=person.pk) == ["ELG-6"]
    assert business(wireless, "transfer", new_owner_id=namesake.pk) == []
    assert business(mobile, "transfer", new_owner_id=person.pk) == []
    assert business(shared, "transfer", new_owner_id=person.pk) == []
