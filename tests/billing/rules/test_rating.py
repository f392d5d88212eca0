"""The golden table of rating: one record, one caller, everything still to be had."""

import pytest

from billing.rules.drawing import Rated, draw_month
from billing.rules.rating import classify
from billing.rules.ways import EXPLANATION_OF_WAY, Way
from tests.billing.rules.rating_table import (
    BROADBAND,
    DIRECTORY,
    LONE_2G,
    LONE_3G,
    LONE_FIXED,
    MEMBER_3G,
    MODULAR_2G,
    NUMBER_PLAN,
    POOLED_2G,
    POOLED_FIXED,
    VPN_ONLY_2G,
    a_record,
)


def rated(caller, **fields) -> Rated | None:
    basis = classify(a_record(**fields), caller=caller, plan=NUMBER_PLAN, directory=DIRECTORY)
    return draw_month([basis])[0] if basis else None


LOCAL, DOMESTIC, SERVICE = "01088880001", "02166660001", "95588"
HONG_KONG, ABROAD, FREE = "0085212345678", "0012125550100", "110"

# caller, fields -> item, way, vpn, pool, plan, charged, hao
GOLDEN = [
    # originated, in a pool (RAT-4): 61 s are 2 minutes (RAT-1)
    (POOLED_FIXED, {"duration_s": 61}, ("VOICE_LOCAL", Way.POOL, 0, 2, 0, 0, 0)),
    (POOLED_2G, {"other_number": DOMESTIC}, ("VOICE_DOMESTIC", Way.POOL, 0, 1, 0, 0, 0)),
    (POOLED_2G, {"other_number": SERVICE}, ("VOICE_SERVICE", Way.POOL, 0, 1, 0, 0, 0)),
    # outside a pool: the plan's tariff (RAT-13)
    (LONE_FIXED, {"duration_s": 240}, ("VOICE_LOCAL", Way.PLAN, 0, 0, 0, 4, 3300)),
    (
        LONE_FIXED,
        {"other_number": DOMESTIC, "duration_s": 61},
        ("VOICE_DOMESTIC", Way.PLAN, 0, 0, 0, 2, 7700),
    ),
    (LONE_2G, {"duration_s": 61}, ("VOICE_LOCAL", Way.PLAN, 0, 0, 0, 2, 8000)),
    (MODULAR_2G, {"duration_s": 7260}, ("VOICE_LOCAL", Way.PLAN, 0, 0, 120, 1, 4000)),
    (LONE_3G, {"duration_s": 14460}, ("VOICE_LOCAL", Way.PLAN, 0, 0, 240, 1, 1500)),
    # nothing at all (RAT-1, RAT-5)
    (LONE_2G, {"duration_s": 0}, ("VOICE_LOCAL", Way.ZERO_SECONDS, 0, 0, 0, 0, 0)),
    (LONE_2G, {"other_number": FREE}, ("VOICE_SERVICE", Way.FREE_NUMBER, 0, 0, 0, 0, 0)),
    (
        LONE_2G,
        {"other_number": FREE, "visited_area": "00852"},
        ("VOICE_SERVICE", Way.FREE_NUMBER, 0, 0, 0, 0, 0),
    ),
    # Hong Kong and abroad (RAT-6)
    (
        POOLED_FIXED,
        {"other_number": HONG_KONG, "duration_s": 13},
        ("VOICE_HMT", Way.ABROAD, 0, 0, 0, 1, 6000),
    ),
    (
        POOLED_FIXED,
        {"other_number": ABROAD, "duration_s": 6},
        ("VOICE_INTL", Way.ABROAD, 0, 0, 0, 1, 8000),
    ),
    (LONE_3G, {"other_number": ABROAD}, ("VOICE_INTL", Way.ABROAD, 0, 0, 0, 1, 60000)),
    # received (RAT-17, RAT-18)
    (LONE_2G, {"call_type": "mt"}, ("VOICE_LOCAL", Way.RECEIVED, 0, 0, 0, 0, 0)),
    (
        POOLED_2G,
        {"call_type": "mt", "visited_area": "010"},
        ("VOICE_LOCAL", Way.RECEIVED, 0, 0, 0, 0, 0),
    ),
    (
        POOLED_2G,
        {"call_type": "mt", "visited_area": "021"},
        ("VOICE_ROAMING", Way.ROAMING, 0, 0, 0, 1, 4000),
    ),
    (
        LONE_3G,
        {"call_type": "mt", "visited_area": "021"},
        ("VOICE_LOCAL", Way.RECEIVED, 0, 0, 0, 0, 0),
    ),
    (
        LONE_3G,
        {"call_type": "mt", "visited_area": "00852"},
        ("VOICE_ROAMING", Way.ROAMING, 0, 0, 0, 1, 30000),
    ),
    # roaming (RAT-6)
    (
        POOLED_2G,
        {"visited_area": "021", "duration_s": 61},
        ("VOICE_ROAMING", Way.ROAMING, 0, 0, 0, 2, 12000),
    ),
    (
        POOLED_2G,
        {"visited_area": "021", "call_type": "cf"},
        ("VOICE_ROAMING", Way.ROAMING, 0, 0, 0, 1, 6000),
    ),
    (
        POOLED_2G,
        {"visited_area": "021", "other_number": HONG_KONG},
        ("VOICE_ROAMING", Way.ROAMING, 0, 0, 0, 1, 15000),
    ),
    (
        LONE_2G,
        {"visited_area": "021", "other_number": ABROAD, "call_type": "cf"},
        ("VOICE_ROAMING", Way.ROAMING, 0, 0, 0, 1, 60000),
    ),
    (
        LONE_2G,
        {"visited_area": "00853", "other_number": ABROAD},
        ("VOICE_ROAMING", Way.ROAMING, 0, 0, 0, 1, 30000),
    ),
    (
        LONE_2G,
        {"visited_area": "0044", "call_type": "mt"},
        ("VOICE_ROAMING", Way.ROAMING, 0, 0, 0, 1, 120000),
    ),
    (POOLED_FIXED, {"visited_area": "021"}, ("VOICE_LOCAL", Way.POOL, 0, 1, 0, 0, 0)),
    (LONE_3G, {"visited_area": "021"}, ("VOICE_LOCAL", Way.PLAN, 0, 0, 1, 0, 0)),
    (
        LONE_3G,
        {"visited_area": "021", "other_number": HONG_KONG},
        ("VOICE_HMT", Way.ABROAD, 0, 0, 0, 1, 15000),
    ),
    # forwarding (RAT-7)
    (
        POOLED_FIXED,
        {"call_type": "cf", "other_number": DOMESTIC, "duration_s": 120},
        ("VOICE_FORWARD", Way.FORWARD_POOL, 0, 2, 0, 0, 0),
    ),
    (
        LONE_FIXED,
        {"call_type": "cf", "other_number": DOMESTIC, "duration_s": 61},
        ("VOICE_FORWARD", Way.FORWARD_PLAN, 0, 0, 0, 2, 7700),
    ),
    (
        POOLED_2G,
        {"call_type": "cf", "other_number": DOMESTIC, "duration_s": 240},
        ("VOICE_FORWARD", Way.FORWARD_DOMESTIC_POOL, 0, 4, 0, 0, 4000),
    ),
    (
        POOLED_2G,
        {"call_type": "cf", "duration_s": 130},
        ("VOICE_FORWARD", Way.FORWARD, 0, 0, 0, 3, 3000),
    ),
    (
        POOLED_2G,
        {"call_type": "cf", "other_number": SERVICE},
        ("VOICE_FORWARD", Way.FORWARD, 0, 0, 0, 1, 1000),
    ),
    (
        MODULAR_2G,
        {"call_type": "cf", "other_number": DOMESTIC, "duration_s": 61},
        ("VOICE_FORWARD", Way.FORWARD_DOMESTIC, 0, 0, 0, 2, 14000),
    ),
    (
        LONE_3G,
        {"call_type": "cf", "other_number": DOMESTIC, "visited_area": "021"},
        ("VOICE_FORWARD", Way.FORWARD, 0, 0, 0, 1, 1500),
    ),
    (
        POOLED_2G,
        {"call_type": "cf", "other_number": HONG_KONG},
        ("VOICE_HMT", Way.ABROAD, 0, 0, 0, 1, 15000),
    ),
    # VPN (RAT-9, RAT-10)
    (
        POOLED_FIXED,
        {"other_number": "13011112222"},
        ("VOICE_VPN", Way.VPN_POOL, 1, 0, 0, 0, 0),
    ),
    (POOLED_2G, {"other_number": "62000001"}, ("VOICE_VPN", Way.VPN_POOL, 1, 0, 0, 0, 0)),
    (
        VPN_ONLY_2G,
        {"other_number": "01062000001", "duration_s": 18150},
        ("VOICE_VPN", Way.VPN_ONLY, 300, 0, 0, 3, 4500),
    ),
    (
        MEMBER_3G,
        {"other_number": "01062000001", "duration_s": 75000},
        ("VOICE_VPN", Way.VPN_3G, 1000, 0, 240, 10, 15000),
    ),
    # not VPN: another area, roaming, forwarded, no member
    (
        POOLED_FIXED,
        {"other_number": "13011114444"},
        ("VOICE_DOMESTIC", Way.POOL, 0, 1, 0, 0, 0),
    ),
    (
        MEMBER_3G,
        {"other_number": "01062000001", "visited_area": "021"},
        ("VOICE_LOCAL", Way.PLAN, 0, 0, 1, 0, 0),
    ),
    (
        POOLED_FIXED,
        {"other_number": "13011112222", "call_type": "cf"},
        ("VOICE_FORWARD", Way.FORWARD_POOL, 0, 1, 0, 0, 0),
    ),
    (
        POOLED_FIXED,
        {"other_number": "13011115555"},
        ("VOICE_LOCAL", Way.POOL, 0, 1, 0, 0, 0),
    ),
    # texts and data (RAT-16)
    (LONE_2G, {"call_type": "sms"}, ("SMS", Way.SMS, 0, 0, 0, 1, 1000)),
    (LONE_3G, {"call_type": "sms"}, ("SMS", Way.SMS, 0, 0, 1, 0, 0)),
    (
        LONE_3G,
        {"call_type": "data", "volume_kb": 307_700},
        ("DATA", Way.DATA, 0, 0, 307_200, 500, 1500),
    ),
    (
        POOLED_2G,
        {"call_type": "data", "volume_kb": 7, "visited_area": "00852"},
        ("DATA", Way.DATA, 0, 0, 0, 7, 70),
    ),
]


@pytest.mark.parametrize(("caller", "fields", "expected"), GOLDEN)
def test_a_record_is_rated_as_the_golden_table_says(caller, fields, expected):
    result = rated(caller, **fields)

    assert result is not None
    assert (
        result.item,
        result.basis.way,
        result.vpn_minutes,
        result.pool_minutes,
        result.plan_units,
        result.charged_units,
        result.amount_hao,
    ) == expected


@pytest.mark.parametrize(
    ("caller", "fields"),
    [
        (LONE_FIXED, {"call_type": "sms"}),
        (POOLED_FIXED, {"call_type": "data", "volume_kb": 1}),
        (LONE_2G, {"other_number": "222222"}),
        (BROADBAND, {}),
        (BROADBAND, {"call_type": "data", "volume_kb": 1}),
    ],
)
def test_what_the_catalogue_has_no_price_for_is_not_rated(caller, fields):
    assert rated(caller, **fields) is None


@pytest.mark.parametrize(
    ("fields", "info_fee_hao"),
    [
        ({}, 5000),
        ({"call_type": "mt"}, 5000),
        ({"call_type": "sms"}, 5000),
        ({"call_type": "data"}, 5000),
        ({"other_number": "4008001234"}, 5000),
        ({"other_number": FREE}, 0),
        ({"duration_s": 0}, 0),
        ({"duration_s": 0, "call_type": "mt"}, 0),
    ],
)
def test_the_information_fee_is_extra_but_for_calls_that_cost_nothing_at_all(fields, info_fee_hao):
    result = rated(LONE_2G, info_fee_hao=5000, **fields)

    assert result is not None
    assert result.info_fee_hao == info_fee_hao


def test_every_way_says_its_rules_and_its_sentence():
    assert set(EXPLANATION_OF_WAY) == set(Way)
    assert all(e.rules and e.sentence for e in EXPLANATION_OF_WAY.values())
