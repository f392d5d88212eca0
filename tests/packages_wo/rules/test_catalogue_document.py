from datetime import date

import pytest

from bss.kernel.errors import BadInputError
from packages_wo.rules.catalogue_document import parse_catalogue
from tests.builders.packages import sample_catalogue, sample_document


def faults(document):
    with pytest.raises(BadInputError) as caught:
        parse_catalogue(document)
    return [place for place, _ in caught.value.faults]


def test_amounts_become_fen_and_unit_prices_hao():
    catalogue = sample_catalogue()

    assert catalogue.plans["M2G-BLOCK"].monthly_fen == 3600
    assert catalogue.tariffs["m3g"].data_kb_hao == 3
    assert catalogue.tariffs["fixed_std"].rates["local"].first_hao == 2200
    assert catalogue.overflow_per_minute_hao == 1500
    assert catalogue.offering("basic").tiers[306].vpn_minutes is None
    assert catalogue.fees.install_fen["broadband"] == 10000


def test_tiers_may_be_written_as_numbers_or_as_text():
    document = sample_document()
    tiers = document["bundles"]["basic"]["tiers"]
    document["bundles"]["basic"]["tiers"] = {str(code): tier for code, tier in tiers.items()}

    assert parse_catalogue(document) == sample_catalogue()


def test_taxes_go_by_the_date():
    tax = sample_catalogue().tax

    assert tax.percent_of("sms", on=date(2025, 12, 31)) == 6
    assert tax.percent_of("sms", on=date(2026, 1, 1)) == 9
    assert tax.percent_of("voice", on=date(2010, 1, 1)) == 9


def test_products_are_those_for_the_service_in_the_catalogues_order():
    catalogue = sample_catalogue()

    assert catalogue.products_for("enhanced", "broadband") == ("group_mail",)
    assert catalogue.products_for("至尊版", "m3g") == ("caller_id",)


@pytest.mark.parametrize(
    ("path", "value", "places"),
    [
        ("version", None, ["version"]),
        ("plans.FIXED-STD.monthly", 25.5, ["plans.FIXED-STD.monthly"]),
        ("plans.FIXED-STD.monthly", "25.001", ["plans.FIXED-STD.monthly"]),
        ("plans.FIXED-STD.monthly", "-1.00", ["plans.FIXED-STD.monthly"]),
        ("plans.FIXED-STD.monthly", "abc", ["plans.FIXED-STD.monthly"]),
        ("plans.FIXED-STD.tariff", "none", ["plans.FIXED-STD.tariff"]),
        ("plans.FIXED-STD.service", "fax", ["plans.FIXED-STD.service"]),
        ("plans.FIXED-STD.speed_kbps", 1, ["plans.FIXED-STD.speed_kbps"]),
        ("plans.ADSL-1M.speed_kbps", 0, ["plans.ADSL-1M.speed_kbps"]),
        ("plans.ADSL-1M.tariff", "fixed_std", ["plans.ADSL-1M.tariff"]),
        ("plans.M2G-STD.kind", "cheap", ["plans.M2G-STD.kind"]),
        ("plans.M2G-STD.first_month", "third", ["plans.M2G-STD.first_month"]),
        ("tariffs.m3g.local.first_s", 0, ["tariffs.m3g.local.first_s"]),
        ("tariffs.m3g.data_kb", "0.00001", ["tariffs.m3g.data_kb"]),
        ("tariffs.m3g.lunar", {}, ["tariffs.m3g.lunar"]),
        ("bundles.basic.tiers", {}, ["bundles.basic.tiers"]),
        ("bundles.basic.tiers.x", {}, "tier"),
        ("bundles.basic.tiers.56.vpn_minutes", "many", ["bundles.basic.tiers.56.vpn_minutes"]),
        ("bundles.basic.tiers.56.minutes", True, ["bundles.basic.tiers.56.minutes"]),
        ("bundles.basic.includes_vas", ["fax"], ["bundles.basic.includes_vas.0"]),
        ("bundles.basic.members_a.fax", "required", ["bundles.basic.members_a.fax"]),
        ("bundles.basic.members_a.fixed", "always", ["bundles.basic.members_a.fixed"]),
        ("bundles.enhanced.broadband_kbps", "fast", ["bundles.enhanced.broadband_kbps"]),
        ("bundles.aliases.精英版", "gold", ["bundles.aliases.精英版"]),
        ("bundles.scheme_b_percent", 101, ["bundles.scheme_b_percent"]),
        ("packs.MIN-300.max", 0, ["packs.MIN-300.max"]),
        ("packs.TERM-VPN.adds_terminal", [], ["packs.TERM-VPN.adds_terminal"]),
        ("packs.STATIC-IP.static_ip", "yes", ["packs.STATIC-IP.static_ip"]),
        ("vas.caller_id", ["fixed", "fixed"], ["vas.caller_id.1"]),
        ("number_plan.free", ["11O"], ["number_plan.free.0"]),
        ("number_plan.service.max_digits", "8", ["number_plan.service.max_digits"]),
        ("home_areas", {"10": "北京"}, ["home_areas.10"]),
        ("fees.install", {"fixed": "58.00"}, "fees"),
        ("suspended_month", "half", ["suspended_month"]),
        ("tax.percent.basic", 9.5, ["tax.percent.basic"]),
        ("tax.category", [], ["tax.category"]),
    ],
)
def test_a_fault_is_told_with_its_place(path, value, places):
    document = sample_document()
    *way, last = path.split(".")
    part = document
    for key in way:
        part = part[int(key) if key.isdigit() else key]
    part[last] = value
    expected = {
        "tier": ["bundles.basic.tiers.x"],
        "fees": [f"fees.install.{service}" for service in ("broadband", "m2g", "m3g")],
    }

    assert faults(document) == (expected[places] if isinstance(places, str) else places)


def test_what_is_missing_or_unknown_is_told_all_at_once():
    document = sample_document()
    del document["tax"], document["plans"]["ADSL-1M"]["speed_kbps"]
    document["plnas"] = {}

    found = faults(document)

    assert found[0] == "plnas"
    assert {"tax", "plans.ADSL-1M.speed_kbps", "tax.category"} <= set(found)


def test_a_document_that_is_no_mapping_is_refused():
    assert "" in faults(["version"])
