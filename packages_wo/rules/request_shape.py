"""Whether a request can be read at all: what it names is in the catalogue.

A request that cannot is bad input, not forbidden.
"""

from collections.abc import Iterable, Iterator, Mapping

from bss.kernel.errors import BadInputError, Sentence
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import Composition, PackIn, main_number
from packages_wo.rules.requests import OpenBundle

Fault = tuple[str, str]


def compose_opening(
    request: OpenBundle, *, services: Mapping[int, str], catalogue: Catalogue
) -> Composition:
    """What the order would open.

    Raises: BadInputError with every fault.
    """
    offering = catalogue.aliases.get(request.offering, request.offering)
    faults: list[Fault] = []
    if offering not in catalogue.offerings:
        faults.append(
            ("offering", Sentence("目录中没有套餐 %(offering)s。", offering=request.offering))
        )
    else:
        faults += tier_faults(offering, request.tier, catalogue)
    if request.scheme not in ("A", "B"):
        faults.append(
            ("scheme", Sentence("方案应为 A 或 B，不是 %(scheme)s。", scheme=request.scheme))
        )
    if not request.members:
        faults.append(("members", "请至少选一个成员。"))
    if request.main is not None and request.main not in request.members:
        faults.append(("main", "主号码应是基础成员。"))
    faults += pack_faults(request.packs, catalogue)
    faults += subscription_faults(request.members, request.packs, services)
    if faults:
        raise BadInputError(*faults)
    return Composition(
        offering=offering,
        scheme=request.scheme,
        tier=request.tier,
        base=request.members,
        packs=request.packs,
        main=main_number(request.members, wanted=request.main, services=services),
        separate_3g=request.separate_3g,
    )


def tier_faults(offering: str, tier: int, catalogue: Catalogue) -> list[Fault]:
    if tier in catalogue.offering(offering).tiers:
        return []
    name = catalogue.offering(offering).name
    return [("tier", Sentence("%(offering)s没有档位 %(tier)s。", offering=name, tier=tier))]


def pack_faults(packs: Iterable[PackIn], catalogue: Catalogue) -> list[Fault]:
    unknown = [pack.pack for pack in packs if pack.pack not in catalogue.packs]
    return [
        ("packs", Sentence("目录中没有加装包 %(pack)s。", pack=code))
        for code in dict.fromkeys(unknown)
    ]


def plan_faults(plans: Iterable[str], catalogue: Catalogue) -> list[Fault]:
    unknown = [plan for plan in plans if plan not in catalogue.plans]
    return [
        ("new_plans", Sentence("目录中没有单产品套餐 %(plan)s。", plan=code))
        for code in dict.fromkeys(unknown)
    ]


def subscription_faults(
    members: Iterable[int], packs: Iterable[PackIn], services: Mapping[int, str]
) -> Iterator[Fault]:
    named = [*members, *(pack.terminal for pack in packs if pack.terminal is not None)]
    for one in dict.fromkeys(named):
        if one not in services:
            yield "members", Sentence("没有用户 %(id)s。", id=one)
