"""Customers and subscriptions to begin with, and a catalogue that is soon used up."""

from random import Random
from typing import Any

from stdnum.cn import ric, uscc

from tests.oracle.reader import merged

ENTERPRISES = ["北京晨光商贸有限公司", "北京远山设计有限公司", "北京小满餐饮有限公司"]
PERSONS = ["王芳", "李小禾", "赵一鸣"]
PLANS = {
    "fixed": ["FIXED-STD"],
    "m2g": ["M2G-STD", "M2G-BLOCK", "M2G-STD", "M2G-PROMO"],
    "m3g": ["3G-96", "3G-126", "3G-186", "3G-66"],
    "broadband": ["ADSL-1M", "ADSL-2M", "ADSL-4M"],
}

OTHER_CATALOGUES: list[dict[str, Any]] = [
    {"bundles": {"scheme_b_percent": 85, "overflow_per_minute": "0.2050"}},
    {"bundles": {"basic": {"tiers": {106: {"monthly": "77.77", "vpn_minutes": "unlimited"}}}}},
    {"bundles": {"basic": {"includes_vas": ["caller_id", "colour_ring"]}}},
    {"bundles": {"enhanced": {"includes_vas": [], "broadband_kbps": 4096}}},
    {"bundles": {"basic": {"members_a": {"fixed": "required", "m2g": "optional"}}}},
    {"packs": {"MIN-300": {"monthly": "0.99", "minutes": 3, "max": 1}}},
    {"packs": {"TERM-SHARE": {"minutes": 2, "max": 1, "monthly": "7.05"}}},
    {"packs": {"BB-4M": {"speed_kbps": 6144, "minutes": 4}, "TERM-VPN": {"monthly": "0.00"}}},
    {"plans": {"FIXED-STD": {"minutes": 6, "first_month": "half"}}},
    {"plans": {"M2G-STD": {"first_month": "full", "minutes": 2, "sms": 1, "data_kb": 900}}},
    {"plans": {"3G-126": {"monthly": "95.99"}, "3G-66": {"monthly": "96.01", "minutes": 4}}},
    {"plans": {"ADSL-1M": {"first_month": "full", "monthly": "80.05"}}},
    {"fees": {"install": {"m2g": "3.00", "fixed": "0.00"}, "transfer": "0.00"}},
    {"fees": {"hold_monthly": {"fixed": "0.00", "m3g": "4.44"}, "number_change": "1.01"}},
    {"number_plan": {"free": ["95588", "13910120000", "88880001"]}},
    {"number_plan": {"service": {"prefixes": ["1", "9", "666"], "max_digits": 7}}},
    {"number_plan": {"access_codes": ["17909", "190"], "hmt": ["00852", "00853", "0044"]}},
    {"home_areas": {"0755": "深圳"}},
    {"tariffs": {"m2g_std": {"roaming_mt": {"first_s": 6, "first": "0.0133", "next_s": 30}}}},
    {"tariffs": {"fixed_std": {"sms": "0.05", "local": {"first_s": 60, "first": "0.0001"}}}},
    {"tariffs": {"m3g": {"forward": {"first": "0.33"}, "service": {"next": "0.0007"}}}},
    {"vas": {"group_mail": ["broadband", "m3g"], "caller_id": ["fixed", "m2g"]}},
]


def a_number(service: str, serial: int) -> str:
    stem = {"fixed": "0106200", "broadband": "0108000", "m2g": "1301111", "m3g": "1861111"}
    return f"{stem[service]}{serial:04d}"


def a_plan(random: Random, service: str) -> str:
    return random.choice(PLANS[service])


def some_customers(random: Random) -> dict[str, dict[str, Any]]:
    names = [*ENTERPRISES[:2], *PERSONS[:2], random.choice([ENTERPRISES[0], ENTERPRISES[2]])]
    customers = {
        f"c{index}": {
            "kind": "individual" if name in PERSONS else "enterprise",
            "name": name,
            "document": _document(name in PERSONS, index),
        }
        for index, name in enumerate(names, start=1)
    }
    customers["c1"]["area"] = "010"
    listed = {1: "red", 2: "black", 3: "black", 4: "red"}.get(random.randrange(12))
    if listed:
        customers[random.choice(["c1", "c2", "c3", "c4", "c5"])]["listed"] = listed
    return customers


def some_subscriptions(
    random: Random, customers: dict[str, dict[str, Any]], first_day: str
) -> dict[str, dict[str, Any]]:
    wanted = ["fixed", "m2g", "m3g", "broadband", "m2g", "fixed", "m2g", "m3g"]
    wanted = wanted[:4] + [service for service in wanted[4:] if random.random() < 0.7]
    rows: dict[str, dict[str, Any]] = {}
    for serial, service in enumerate(wanted, start=1):
        owner = "c1" if serial <= 3 or random.random() < 0.6 else random.choice(list(customers))
        row = {
            "owner": owner,
            "service": service,
            "number": a_number(service, serial),
            "plan": a_plan(random, service),
            "since": random.choice(["2026-01-01", "2026-01-01", "2025-06-15", first_day]),
        }
        _flag(random, row, serial, blacklisted=customers[owner].get("listed") == "black")
        rows[f"{service[0] if service != 'm3g' else 'w'}{serial}"] = row
    return rows


def a_catalogue(random: Random) -> dict[str, Any]:
    """Overrides that let few calls exhaust the allowances, and seldom other prices and names."""
    over: dict[str, Any] = {}
    if random.random() < 0.6:
        small = {"minutes": random.choice([5, 20, 60]), "vpn_minutes": random.choice([0, 4, 15])}
        tiers = {"basic": {56: small, 106: small}, "enhanced": {136: small}}
        over["bundles"] = {name: {"tiers": rows} for name, rows in tiers.items()}
        over["bundles"]["vpn_3g_minutes"] = random.choice([3, 10])
        over["plans"] = {"M2G-BLOCK": {"minutes": 7}, "3G-96": {"minutes": 9, "data_kb": 2000}}
        over["plans"]["3G-126"] = {"minutes": 11, "sms": 2}
    if random.random() < 0.1:
        over["suspended_month"] = "full"
    if random.random() < 0.4:
        for other in random.sample(OTHER_CATALOGUES, random.choice([2, 3, 5])):
            over = merged(over, other)
    return over


def _flag(random: Random, row: dict[str, Any], serial: int, *, blacklisted: bool) -> None:
    """The optional flags, each seldom."""
    seldom = random.random
    if row["service"] == "fixed" and serial > 1 and seldom() < 0.15:
        row["line"] = random.choice(["personal", "did", "isdn"])
    if seldom() < 0.03:
        row["payment"] = "prepaid"
    if row["service"] == "broadband" and seldom() < 0.3:
        row["speed_kbps"] = random.choice([512, 2048, 8192])
    if row["service"] in ("m2g", "m3g") and serial > 4 and seldom() < 0.25:
        row["area"], row["since"] = "021", "2025-06-15"
    if row["service"] != "broadband" and seldom() < 0.3:
        row["vas"] = random.sample(["caller_id", "colour_ring"], random.choice([1, 2]))
    if seldom() < 0.05:
        row["real_name"] = False
    if seldom() < 0.03:
        row["state"] = "on_hold"
    elif seldom() < 0.07:
        row["arrears"] = random.choice(["12.00", "0.50", "77.30"])
        if seldom() < 0.4:
            row["state"] = "suspended"
    elif blacklisted and seldom() < 0.4:
        row["state"] = "suspended"


def _document(personal: bool, serial: int) -> dict[str, str]:
    if personal:
        stem = f"1101051988060540{serial:01d}"
        return {"type": "resident_id", "number": stem + ric.calc_check_digit(stem + "0")}
    stem = f"91110105MA01C2X{serial:02d}"
    return {"type": "business_license", "number": stem + uscc.calc_check_digit(stem)}
