"""From the catalogue document (``catalogue.yaml``, yuan as text) to the typed ``Catalogue``.

The document is taken whole or not at all; every fault is told with its place, such as
``bundles.basic.tiers.56.monthly``.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bss.kernel.errors import BadInputError
from bss.kernel.units import Fen
from customers.rules.services import BROADBAND, M2G, SERVICES, VOICE_SERVICES
from packages_wo.rules.bundle_document import BESIDE_OFFERINGS, read_offering, read_packs
from packages_wo.rules.catalogue import (
    Catalogue,
    Fees,
    NumberPlan,
    Plan,
    Rate,
    Tariff,
    Tax,
    TaxCategories,
)
from packages_wo.rules.document_reader import Reader

SECTIONS = (
    "version",
    "home_areas",
    "number_plan",
    "tariffs",
    "plans",
    "vas",
    "bundles",
    "packs",
    "fees",
    "suspended_month",
    "tax",
    "stand_alone_monthly",
)
VOICE_KINDS = (
    "local",
    "domestic",
    "service",
    "hmt",
    "international",
    "forward",
    "roaming_mo",
    "roaming_mt",
    "roaming_hmt",
    "roaming_international",
)
INLAND_KINDS = VOICE_KINDS[:3]
FIRST_MONTH = ("full", "half", "daily")
PLAN_KINDS = ("standard", "modular", "promotional")
TAXED_KINDS = ("voice", "sms", "data", "broadband", "info_fee", "vas", "installation")

T = TypeVar("T")


def parse_catalogue(document: Mapping[str, Any]) -> Catalogue:
    """The typed catalogue of a document.

    Raises: BadInputError with every fault and its place.
    """
    faults: list[tuple[str, str]] = []
    top = Reader(document, place="", faults=faults)
    top.only(*SECTIONS)
    tariffs = _each(top.part("tariffs"), _read_tariff)
    vas = {product: frozenset(for_) for product, for_ in _lists(top.part("vas"), SERVICES).items()}
    bundles = top.part("bundles")
    offerings = {
        code: read_offering(code, part, vas=vas)
        for code, part in bundles.parts(beside=BESIDE_OFFERINGS)
    }
    if not offerings:
        bundles.fault("", "至少要有一个融合套餐")
    aliases = bundles.part("aliases") if bundles.has("aliases") else None
    catalogue = Catalogue(
        version=top.text("version"),
        home_areas=_home_areas(top.part("home_areas")),
        number_plan=_read_number_plan(top.part("number_plan")),
        tariffs=tariffs,
        plans=_each(top.part("plans"), lambda code, plan: _read_plan(code, plan, tariffs)),
        vas=vas,
        offerings=offerings,
        aliases={name: aliases.text(name, among=offerings) for name in aliases.values}
        if aliases
        else {},
        scheme_b_percent=_percent(bundles, "scheme_b_percent"),
        overflow_per_minute_hao=bundles.hao("overflow_per_minute"),
        vpn_3g_minutes=bundles.count("vpn_3g_minutes"),
        packs=read_packs(top.part("packs")),
        fees=_read_fees(top.part("fees")),
        suspended_month=top.text("suspended_month", among=("none", "full")),
        tax=_read_tax(top.part("tax")),
        stand_alone_monthly_fen=_fen_by_service(top.part("stand_alone_monthly")),
    )
    if faults:
        raise BadInputError(*faults)
    return catalogue


def _each(section: Reader, read: Callable[[str, Reader], T]) -> dict[str, T]:
    return {code: read(code, part) for code, part in section.parts()}


def _lists(section: Reader, among: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {key: section.texts(key, among=among, least=1) for key in section.values}


def _home_areas(section: Reader) -> dict[str, str]:
    for code in section.values:
        if not (code.isascii() and code.isdigit() and code.startswith("0")):
            section.fault(code, '区号应为以 0 开头的数字串，如 "010"')
    return {code: section.text(code) for code in section.values}


def _read_number_plan(section: Reader) -> NumberPlan:
    section.only("free", "service", "hmt", "international", "access_codes", "toll_free_prefix")
    service = section.part("service")
    service.only("prefixes", "max_digits", "plus")
    toll_free = section.text("toll_free_prefix")
    if toll_free and not toll_free.isdigit():
        section.fault("toll_free_prefix", f"应为数字串，不是 {toll_free!r}")
    return NumberPlan(
        free=section.digits("free"),
        service_prefixes=service.digits("prefixes"),
        service_max_digits=service.count("max_digits", least=1),
        ten_digit_service=service.digits("plus"),
        hmt=section.digits("hmt"),
        international=section.digits("international"),
        access_codes=section.digits("access_codes"),
        toll_free_prefix=toll_free,
    )


def _read_tariff(code: str, section: Reader) -> Tariff:
    section.only(*VOICE_KINDS, "sms", "data_kb")
    for kind in INLAND_KINDS:
        if not section.has(kind):
            section.fault(kind, "缺少这一项")
    return Tariff(
        code=code,
        rates={kind: _read_rate(section.part(kind)) for kind in VOICE_KINDS if section.has(kind)},
        sms_hao=section.hao("sms") if section.has("sms") else None,
        data_kb_hao=section.hao("data_kb") if section.has("data_kb") else None,
    )


def _read_rate(section: Reader) -> Rate:
    section.only("first_s", "first", "next_s", "next")
    return Rate(
        first_s=section.count("first_s", least=1),
        first_hao=section.hao("first"),
        next_s=section.count("next_s", least=1),
        next_hao=section.hao("next"),
    )


def _read_plan(code: str, section: Reader, tariffs: Mapping[str, Tariff]) -> Plan:
    section.only(
        "service",
        "monthly",
        "tariff",
        "first_month",
        "kind",
        "minutes",
        "data_kb",
        "sms",
        "speed_kbps",
    )
    service = section.text("service", among=SERVICES)
    voice = service in VOICE_SERVICES
    if voice and section.has("speed_kbps"):
        section.fault("speed_kbps", "只有宽带套餐有速率")
    if service == BROADBAND and section.has("tariff"):
        section.fault("tariff", "宽带套餐没有通话资费")
    return Plan(
        code=code,
        service=service,
        monthly_fen=section.fen("monthly"),
        first_month=section.text("first_month", among=FIRST_MONTH),
        tariff=section.text("tariff", among=tariffs) if voice else "",
        kind=section.text("kind", among=PLAN_KINDS, default=None if service == M2G else ""),
        minutes=section.count("minutes", default=0),
        data_kb=section.count("data_kb", default=0),
        sms=section.count("sms", default=0),
        speed_kbps=section.count("speed_kbps", least=1) if service == BROADBAND else None,
    )


def _read_fees(section: Reader) -> Fees:
    section.only(
        "hold_monthly",
        "sim_replacement",
        "number_change",
        "transfer",
        "install",
        "breach_percent",
    )
    return Fees(
        hold_monthly_fen=_fen_by_service(section.part("hold_monthly")),
        install_fen=_fen_by_service(section.part("install")),
        sim_replacement_fen=section.fen("sim_replacement"),
        number_change_fen=section.fen("number_change"),
        transfer_fen=section.fen("transfer"),
        breach_percent=_percent(section, "breach_percent"),
    )


def _read_tax(section: Reader) -> Tax:
    section.only("percent", "category")
    percents = section.part("percent")
    percent = {category: _percent(percents, category) for category in percents.values}
    tables = []
    listed = section.values.get("category")
    if not isinstance(listed, list) or not listed:
        section.fault("category", "应为至少一项的列表")
        listed = []
    for index, value in enumerate(listed):
        table = Reader(value, place=section.at(f"category.{index}"), faults=section.faults)
        table.only("from", *TAXED_KINDS)
        tables.append(
            TaxCategories(
                valid_from=table.day("from"),
                category={kind: table.text(kind, among=percent) for kind in TAXED_KINDS},
            )
        )
    days = [table.valid_from for table in tables]
    if len(set(days)) < len(days):
        section.fault("category", "同一天有两张税目表")
    return Tax(
        percent=percent, categories=tuple(sorted(tables, key=lambda table: table.valid_from))
    )


def _percent(section: Reader, key: str) -> int:
    percent = section.count(key)
    if percent > 100:
        section.fault(key, f"百分比不能超过 100，不是 {percent}")
    return percent


def _fen_by_service(section: Reader) -> dict[str, Fen]:
    section.only(*SERVICES)
    return {service: section.fen(service) for service in SERVICES}
