"""The catalogue document's bundles and packs."""

from collections.abc import Container, Iterable

from customers.rules.services import BROADBAND, SERVICES
from packages_wo.rules.catalogue import UNLIMITED, MemberNeeds, Offering, Pack, Tier
from packages_wo.rules.document_reader import Reader

BESIDE_OFFERINGS = ("aliases", "scheme_b_percent", "overflow_per_minute", "vpn_3g_minutes")
"""What stands beside the offerings under ``bundles``."""


def read_offering(code: str, section: Reader, *, vas: Container[str]) -> Offering:
    section.only("name", "members_a", "members_b", "broadband_kbps", "includes_vas", "tiers")
    members_a = _read_needs(section.part("members_a"))
    members_b = _read_needs(section.part("members_b"))
    speed_kbps = section.count("broadband_kbps", least=1) if section.has("broadband_kbps") else None
    if speed_kbps is None and BROADBAND in members_a.allowed | members_b.allowed:
        section.fault("broadband_kbps", "有宽带成员的套餐要写明速率")
    included = section.texts("includes_vas")
    for index, product in enumerate(included):
        if product not in vas:
            section.fault(f"includes_vas.{index}", f"目录 vas 中没有 {product!r}")
    tiers = list(_read_tiers(section.part("tiers")))
    if not tiers:
        section.fault("tiers", "至少要有一个档位")
    return Offering(
        code=code,
        name=section.text("name"),
        members_a=members_a,
        members_b=members_b,
        includes_vas=included,
        tiers={tier.code: tier for tier in tiers},
        broadband_kbps=speed_kbps,
    )


def read_packs(section: Reader) -> dict[str, Pack]:
    return {code: _read_pack(code, part) for code, part in section.parts()}


def _read_needs(section: Reader) -> MemberNeeds:
    section.only(*SERVICES, "one_or_more_of")
    named = {
        service: section.text(service, among=("required", "optional"))
        for service in SERVICES
        if section.has(service)
    }
    one_or_more_of: tuple[str, ...] = ()
    if section.has("one_or_more_of"):
        one_or_more_of = section.texts("one_or_more_of", among=SERVICES, least=1)
    for service in one_or_more_of:
        if service in named:
            section.fault("one_or_more_of", f"{service} 已单独写明")
    return MemberNeeds(
        required=frozenset(service for service, need in named.items() if need == "required"),
        optional=frozenset(service for service, need in named.items() if need == "optional"),
        one_or_more_of=frozenset(one_or_more_of),
    )


def _read_tiers(section: Reader) -> Iterable[Tier]:
    for code, part in section.parts():
        part.only("monthly", "minutes", "vpn_minutes")
        if not (code.isascii() and code.isdigit()):
            section.fault(code, "档位应为整数")
            continue
        unlimited = part.values.get("vpn_minutes") == "unlimited"
        yield Tier(
            code=int(code),
            monthly_fen=part.fen("monthly"),
            minutes=part.count("minutes"),
            vpn_minutes=UNLIMITED if unlimited else part.count("vpn_minutes"),
        )


def _read_pack(code: str, section: Reader) -> Pack:
    section.only(
        "name",
        "monthly",
        "max",
        "adds_terminal",
        "minutes",
        "needs",
        "speed_kbps",
        "static_ip",
        "roaming_discount",
    )
    return Pack(
        code=code,
        name=section.text("name"),
        monthly_fen=section.fen("monthly"),
        max=section.count("max", least=1),
        adds_terminal=section.texts("adds_terminal", among=SERVICES, least=1)
        if section.has("adds_terminal")
        else (),
        minutes=section.count("minutes", default=0),
        needs=section.text("needs", among=SERVICES, default=""),
        speed_kbps=section.count("speed_kbps", least=1) if section.has("speed_kbps") else None,
        static_ip=section.flag("static_ip"),
        roaming_discount=section.flag("roaming_discount"),
    )
