import pytest

from bss.kernel.errors import BadInputError
from bss.kernel.periods import local_moment
from packages_wo.models import Bundle
from packages_wo.services import bundles
from tests.builders.customers import a_company, a_person
from tests.builders.packages import (
    ACCEPTED_AT,
    a_basic_pair,
    a_catalogue,
    a_member,
    a_pack,
    an_accepted_bundle,
    an_opening,
)

pytestmark = pytest.mark.django_db
IN_OCTOBER = local_moment("2026-10-02T10:00")


@pytest.fixture(autouse=True)
def _catalogue():
    a_catalogue()


def rules(customer, *members, in_arrears=(), at=ACCEPTED_AT, **fields):
    request = an_opening(customer, *members, **fields)
    refusals = bundles.check_opening(request=request, at=at, in_arrears=in_arrears)
    assert all(refusal.text for refusal in refusals)
    return sorted(refusal.rule for refusal in refusals)


def test_a_fixed_line_and_a_2g_mobile_make_basic_a():
    assert rules(*a_basic_pair()) == []


def test_every_refusal_is_told_at_once():
    customer = a_company(listed="black")
    stranger = a_person()
    line = a_member(customer, "fixed", payment="prepaid", line="did")
    mobile = a_member(stranger, "m2g", plan="M2G-PROMO", real_name=False)
    wireless = a_member(stranger, "m3g", plan="3G-66", payment="prepaid")

    found = rules(
        customer,
        line,
        mobile,
        wireless,
        offering="enhanced",
        tier=136,
        documents=("resident_id",),
        in_arrears={mobile.pk},
    )

    assert found == [
        "ELG-1",
        "ELG-2",
        "ELG-3",
        "ELG-3",
        "ELG-4",
        "ELG-5",
        "ELG-5",
        "ELG-6",
        "ELG-8",
        "ELG-8",
        "ELG-9",
        "ELG-9",
        "ELG-9",
    ]
    assert not Bundle.objects.exists()


@pytest.mark.parametrize(
    ("documents", "by_manager", "expected"),
    [
        (("resident_id",), False, ["ELG-1"]),
        ((), False, ["ELG-1"]),
        ((), True, []),
        (("resident_id", "organisation_code"), False, []),
        (("military_unit_code",), False, []),
        (("legal_person_authorisation",), False, []),
    ],
)
def test_a_main_customer_shows_a_document_that_is_not_personal(documents, by_manager, expected):
    customer, line, mobile = a_basic_pair()

    assert (
        rules(customer, line, mobile, documents=documents, filed_by_manager=by_manager) == expected
    )


def test_only_individuals_must_be_real_name_registered():
    customer = a_company()
    line = a_member(customer, "fixed", real_name=False)
    mobile = a_member(a_person(), "m2g", real_name=False)

    assert rules(customer, line, mobile) == ["ELG-2"]


def test_the_owners_of_others_consent():
    customer = a_company()
    line, mobile = a_member(customer, "fixed"), a_member(a_person(), "m2g")

    assert rules(customer, line, mobile, consents=frozenset()) == ["ELG-2"]
    assert rules(customer, line, mobile, consents=frozenset({mobile.pk})) == []


def test_a_vpn_only_terminal_is_not_asked_for_line_plan_or_fee():
    customer, line, mobile = a_basic_pair()
    person = a_person()
    isdn = a_member(person, "fixed", line="isdn", payment="prepaid")
    promo = a_member(person, "m2g", plan="M2G-PROMO")
    cheap = a_member(person, "m3g", plan="3G-66", payment="prepaid")
    packs = tuple(a_pack("TERM-VPN", one) for one in (isdn, promo, cheap))

    assert rules(customer, line, mobile, packs=packs) == []


def test_a_shared_minute_terminal_is_asked_for_line_and_plan_but_not_for_its_owner():
    customer, line, mobile = a_basic_pair()
    person = a_person()
    isdn = a_member(person, "fixed", line="isdn")
    promo = a_member(person, "m2g", plan="M2G-PROMO")
    packs = (a_pack("TERM-SHARE", isdn), a_pack("TERM-SHARE", promo))

    assert rules(customer, line, mobile, packs=packs) == ["ELG-3", "ELG-4"]


def test_the_base_fixed_line_is_the_main_customers_own():
    customer = a_company()
    line = a_member(a_company(name="上海光明乳品有限公司"), "fixed")

    assert rules(customer, line, a_member(customer, "m2g")) == ["ELG-3"]


def test_the_3g_owner_has_the_name_of_the_fixed_lines_owner_not_its_identity():
    customer, line, mobile = a_basic_pair()
    namesake = a_member(a_company(name=customer.name), "m3g")
    other = a_member(a_person(), "m3g")

    assert rules(customer, line, mobile, namesake, scheme="B") == []
    assert rules(customer, line, mobile, other, scheme="B") == ["ELG-6"]


def test_without_a_fixed_line_the_3g_owner_has_the_main_customers_name():
    customer = a_company()
    broadband, mobile = a_member(customer, "broadband"), a_member(customer, "m2g")
    members = (broadband, mobile)

    assert (
        rules(
            customer, *members, a_member(customer, "m3g"), offering="enhanced", scheme="B", tier=136
        )
        == []
    )
    assert rules(
        customer, *members, a_member(a_person(), "m3g"), offering="enhanced", scheme="B", tier=136
    ) == ["ELG-6"]


def test_scheme_b_with_its_3g_plan_is_never_cheaper_than_a():
    just_enough = {"monthly": "960.00", "minutes": 1, "vpn_minutes": 1}
    too_dear = just_enough | {"monthly": "960.10"}
    a_catalogue(bundles={"basic": {"tiers": {"960": just_enough, "961": too_dear}}})
    customer, line, mobile = a_basic_pair()
    members = (line, mobile, a_member(customer, "m3g"))

    assert rules(customer, *members, scheme="B", tier=960, at=IN_OCTOBER) == []
    assert rules(customer, *members, scheme="B", tier=961, at=IN_OCTOBER) == ["ELG-7"]


@pytest.mark.parametrize(
    ("offering", "scheme", "services", "expected"),
    [
        ("basic", "A", "fixed m2g", []),
        ("basic", "A", "fixed", ["ELG-8"]),
        ("basic", "A", "fixed m2g m3g", ["ELG-8"]),
        ("basic", "B", "fixed m3g", []),
        ("basic", "B", "fixed m2g m3g", []),
        ("basic", "B", "fixed m2g", ["ELG-8"]),
        ("basic", "A", "fixed m2g broadband", ["ELG-8"]),
        ("enhanced", "A", "fixed broadband m2g", []),
        ("enhanced", "A", "broadband m2g", ["ELG-8"]),
        ("enhanced", "B", "broadband m3g fixed", []),
        ("enhanced", "B", "broadband m3g m2g", []),
        ("enhanced", "B", "broadband m3g fixed m2g", []),
        ("enhanced", "B", "broadband m3g", ["ELG-8"]),
        ("enhanced", "B", "fixed m2g m3g", ["ELG-8"]),
        ("basic", "A", "fixed m2g m2g", ["ELG-8"]),
    ],
)
def test_compositions(offering, scheme, services, expected):
    customer = a_company()
    members = [a_member(customer, service) for service in services.split()]

    tier = 106 if offering == "basic" else 136
    assert rules(customer, *members, offering=offering, scheme=scheme, tier=tier) == expected


def test_packs_that_do_not_fit_are_composition_faults():
    customer, line, mobile = a_basic_pair()
    broadband = a_member(customer, "broadband")
    wireless = a_member(customer, "m3g")

    assert rules(customer, line, mobile, packs=(a_pack("STATIC-IP"),)) == ["ELG-8"]
    assert rules(customer, line, mobile, packs=(a_pack("TERM-VPN"),)) == ["ELG-8"]
    assert rules(customer, line, mobile, packs=(a_pack("MIN-300", wireless),)) == ["ELG-8"]
    assert rules(customer, line, mobile, packs=(a_pack("TERM-VPN", broadband),)) == ["ELG-8"]
    assert rules(customer, line, mobile, packs=(a_pack("TERM-SHARE", wireless),)) == ["ELG-8"]
    assert rules(customer, line, mobile, packs=(a_pack("MIN-300"),) * 11) == ["ELG-8"]
    assert rules(customer, line, mobile, packs=(a_pack("MIN-300"),) * 10) == []


def test_a_subscription_is_named_once():
    customer, line, mobile = a_basic_pair()

    assert rules(customer, line, mobile, mobile) == ["ELG-8"]
    assert rules(customer, line, mobile, packs=(a_pack("TERM-VPN", mobile),)) == ["ELG-8"]


def test_a_member_is_in_one_bundle_from_the_acceptance_of_its_order():
    customer, line, mobile = a_basic_pair()
    an_accepted_bundle(customer, line, mobile)
    other_line = a_member(customer, "fixed")

    assert rules(customer, other_line, mobile) == ["ELG-9"]


def test_blacklisted_owners_and_members_in_arrears_stay_outside():
    customer = a_company()
    line = a_member(customer, "fixed")
    mobile = a_member(a_person(listed="black"), "m2g")

    assert rules(customer, line, mobile, in_arrears={line.pk}) == ["ELG-9", "ELG-9"]


def test_a_roaming_discount_does_not_go_with_2g():
    roaming = {"name": "漫游优惠包", "monthly": "5.00", "max": 1, "roaming_discount": True}
    a_catalogue(packs={"ROAM": roaming})
    customer, line, mobile = a_basic_pair()

    assert rules(customer, line, mobile, packs=(a_pack("ROAM"),), at=IN_OCTOBER) == ["ELG-11"]


def test_what_is_not_in_the_catalogue_is_bad_input_and_every_fault_is_told():
    customer, line, mobile = a_basic_pair()

    with pytest.raises(BadInputError) as caught:
        rules(customer, line, mobile, tier=107, scheme="C", packs=(a_pack("NONE"),), main=-1)

    assert [place for place, _ in caught.value.faults] == ["tier", "scheme", "main", "packs"]


def test_the_offering_may_be_ordered_by_its_other_name():
    customer, line, mobile = a_basic_pair()

    bundle = an_accepted_bundle(customer, line, mobile, offering="精英版")

    assert bundle.offering == "basic"
