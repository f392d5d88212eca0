from orders.rules.parsing import parse_cancellation, parse_change, parse_opening, parse_single
from tests.orders.rules.somewhere import ENHANCED_VAS, IDS, a_member, a_shape, members, told


def test_a_basic_bundle_of_existing_members_is_prepared_member_by_member() -> None:
    who = members(a_member("f1"), a_member("m1", vas=frozenset({"caller_id"})))

    found = told(parse_opening(a_shape("f1", "m1"), who))

    assert found == [
        "PAR-1 change_plan f1",
        "PAR-3 open_vas f1 caller_id",
        "PAR-6 enable_ldd f1",
        "PAR-7 join_vpn f1",
        "PAR-8 merge_account f1",
        "PAR-1 change_plan m1",
        "PAR-4 change_vas m1 caller_id",
        "PAR-6 enable_ldd m1",
        "PAR-7 join_vpn m1",
        "PAR-8 merge_account m1",
    ]


def test_an_enhanced_bundle_with_everything_new_waits_for_its_installations() -> None:
    who = members(*(a_member(name, new=True, speed_kbps=None) for name in ("b1", "f1", "m1")))
    shape = a_shape(
        "b1", "f1", "m1", tier=136, includes_vas=ENHANCED_VAS, speed_kbps=2048, static_ip=True
    )

    found = told(parse_opening(shape, who))

    assert found == [
        "PAR-5 reserve_resource b1",
        "PAR-5 install b1 < reserve_resource b1, install f1",
        "PAR-9 static_ip b1 < install b1",
        "PAR-3 open_vas b1 group_mail < install b1",
        "PAR-8 merge_account b1 < install b1",
        "PAR-5 reserve_resource f1",
        "PAR-5 install f1 < reserve_resource f1",
        "PAR-3 open_vas f1 caller_id < install f1",
        "PAR-6 enable_ldd f1 < install f1",
        "PAR-7 join_vpn f1 < install f1",
        "PAR-8 merge_account f1 < install f1",
        "PAR-5 reserve_resource m1",
        "PAR-5 install m1 < reserve_resource m1",
        "PAR-3 open_vas m1 caller_id < install m1",
        "PAR-6 enable_ldd m1 < install m1",
        "PAR-7 join_vpn m1 < install m1",
        "PAR-8 merge_account m1 < install m1",
    ]


def test_new_broadband_over_an_existing_line_waits_for_its_own_reservation_only() -> None:
    who = members(a_member("f1"), a_member("b1", new=True))
    shape = a_shape("f1", "b1", includes_vas=ENHANCED_VAS, speed_kbps=2048)

    found = told(parse_opening(shape, who))

    assert "PAR-5 install b1 < reserve_resource b1" in found


def test_existing_broadband_gets_the_speed_it_needs_before_its_static_address() -> None:
    shape = a_shape("b1", includes_vas=ENHANCED_VAS, speed_kbps=4096, static_ip=True)

    slower = parse_opening(shape, members(a_member("b1", speed_kbps=1024)))
    same = parse_opening(shape, members(a_member("b1", speed_kbps=4096)))

    assert told(slower) == [
        "PAR-1 change_plan b1",
        "PAR-2 change_speed b1",
        "PAR-9 static_ip b1 < change_speed b1",
        "PAR-3 open_vas b1 group_mail",
        "PAR-8 merge_account b1",
    ]
    assert slower[1].detail == {"speed_kbps": 4096}
    assert told(same)[:2] == ["PAR-1 change_plan b1", "PAR-9 static_ip b1"]


def test_a_3g_member_changes_no_plan_and_merges_only_when_the_company_pays() -> None:
    who = members(a_member("w1"))

    together = told(parse_opening(a_shape("w1", scheme="B"), who))
    apart = told(parse_opening(a_shape("w1", scheme="B", separate=["w1"]), who))

    assert together == [
        "PAR-3 open_vas w1 caller_id",
        "PAR-7 join_vpn w1",
        "PAR-8 merge_account w1",
    ]
    assert apart == together[:2]


def test_terminals_follow_the_members_and_a_vpn_one_only_joins_the_vpn() -> None:
    who = members(
        a_member("f1"), a_member("t1"), a_member("v1", new=True), a_member("v3"), a_member("m1")
    )

    found = told(parse_opening(a_shape("f1", "m1", shared=["t1"], vpn=["v1", "v3"]), who))

    assert found[10:] == [
        "PAR-1 change_plan t1",
        "PAR-6 enable_ldd t1",
        "PAR-7 join_vpn t1",
        "PAR-8 merge_account t1",
        "PAR-5 reserve_resource v1",
        "PAR-5 install v1 < reserve_resource v1",
        "PAR-7 join_vpn v1 < install v1",
        "PAR-7 join_vpn v3",
    ]


def test_a_new_tier_changes_the_plan_of_those_who_have_the_bundles() -> None:
    who = members(*map(a_member, ("f1", "m1", "w1", "t1", "v1")))
    before = a_shape("f1", "m1", "w1", scheme="B", tier=106, shared=["t1"], vpn=["v1"])
    after = a_shape("f1", "m1", "w1", scheme="B", tier=206, shared=["t1"], vpn=["v1"])

    assert told(parse_change(before=before, after=after, members=who)) == [
        "PAR-1 change_plan f1",
        "PAR-1 change_plan m1",
        "PAR-1 change_plan t1",
    ]


def test_packs_that_need_nothing_in_the_network_make_no_work_order() -> None:
    who = members(*map(a_member, ("f1", "m1")))
    shape = a_shape("f1", "m1")

    assert parse_change(before=shape, after=shape, members=who) == ()


def test_a_change_first_serves_who_stays_then_who_leaves_then_who_joins() -> None:
    opened = {"vas": frozenset({"caller_id"}), "opened_vas": frozenset({"caller_id"})}
    who = members(
        a_member("f1"), a_member("m1", **opened), a_member("w1", **opened), a_member("m2")
    )
    before = a_shape("f1", "m1", "w1", scheme="B", separate=["w1"])
    after = a_shape("f1", "m2", scheme="A")

    assert told(parse_change(before=before, after=after, members=who)) == [
        "PAR-1 change_plan f1",
        "PAR-1 change_plan m1",
        "PAR-14 close_vas m1 caller_id",
        "PAR-14 leave_vpn m1",
        "PAR-14 split_account m1",
        "PAR-14 close_vas w1 caller_id",
        "PAR-14 leave_vpn w1",
        "PAR-1 change_plan m2",
        "PAR-3 open_vas m2 caller_id",
        "PAR-6 enable_ldd m2",
        "PAR-7 join_vpn m2",
        "PAR-8 merge_account m2",
    ]


def test_a_static_address_comes_and_goes_with_its_pack() -> None:
    who = members(a_member("b1", speed_kbps=2048))
    without = a_shape("b1", includes_vas=ENHANCED_VAS, speed_kbps=2048)
    chosen = a_shape("b1", includes_vas=ENHANCED_VAS, speed_kbps=8192, static_ip=True)

    assert told(parse_change(before=without, after=chosen, members=who)) == [
        "PAR-2 change_speed b1",
        "PAR-9 static_ip b1 < change_speed b1",
    ]
    assert told(parse_change(before=chosen, after=without, members=who)) == [
        "PAR-14 remove_static_ip b1"
    ]
    assert parse_change(before=chosen, after=chosen, members=who)[0].key.type == "change_speed"


def test_a_cancellation_takes_away_only_what_the_bundle_brought() -> None:
    who = members(
        a_member("f1", vas=frozenset({"caller_id"})),
        a_member(
            "b1",
            speed_kbps=2048,
            next_speed_kbps=4096,
            vas=frozenset({"group_mail"}),
            opened_vas=frozenset({"group_mail"}),
        ),
        a_member("m1", opened_vas=frozenset({"caller_id"})),
        a_member("v1"),
    )
    shape = a_shape(
        "f1", "b1", "m1", vpn=["v1"], includes_vas=ENHANCED_VAS, speed_kbps=2048, static_ip=True
    )

    assert told(parse_cancellation(shape, who)) == [
        "CAN-4 change_plan f1",
        "PAR-14 leave_vpn f1",
        "PAR-14 split_account f1",
        "CAN-4 change_plan b1",
        "PAR-14 change_speed b1",
        "PAR-14 remove_static_ip b1",
        "PAR-14 close_vas b1 group_mail",
        "PAR-14 split_account b1",
        "CAN-4 change_plan m1",
        "PAR-14 leave_vpn m1",
        "PAR-14 split_account m1",
        "PAR-14 leave_vpn v1",
    ]


def test_single_user_business_is_one_work_order_of_no_rule() -> None:
    spec = parse_single("open_vas", subscription_id=IDS["m1"], product="colour_ring")

    assert told([spec]) == [" open_vas m1 colour_ring"]
    assert spec.after == ()
