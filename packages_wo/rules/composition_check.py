"""Whether a composition is one that the offering allows.

The same faults are ELG-8 in an opening and CHG-1 in a change.
Source: ELG-8, CHG-1, CHG-7, ELG-11.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from bss.kernel.rulebook import Refusal
from customers.rules.services import FIXED, M2G
from packages_wo.rules.catalogue import Catalogue, MemberNeeds, Pack
from packages_wo.rules.composition import Composition, PackIn

SERVICE_NAMES = {"fixed": "固定电话", "broadband": "宽带", "m2g": "2G", "m3g": "3G"}
MAY_BE_LACKING = frozenset({FIXED, M2G})
"""What a bundle that fell from B to A may go on without. Source: CHG-7, ELG-8."""


def composition_refusals(
    composition: Composition,
    *,
    rule: str,
    services: Mapping[int, str],
    numbers: Mapping[int, str],
    catalogue: Catalogue,
    excused: frozenset[str] = frozenset(),
) -> list[Refusal]:
    """Every fault of the composition, under ``rule``; ``excused`` services may be lacking."""
    needs = catalogue.offering(composition.offering).needs(composition.scheme)
    facts = {"offering": catalogue.offering(composition.offering).name}
    found = [
        *_base_faults(composition, needs=needs, services=services, excused=excused),
        *_twice(composition, numbers=numbers),
        *_pack_faults(composition, services=services, numbers=numbers, catalogue=catalogue),
    ]
    return [Refusal(rule, sentence, facts | more) for sentence, more in found]


def roaming_refusals(
    composition: Composition, *, services: Mapping[int, str], catalogue: Catalogue
) -> list[Refusal]:
    """Roaming discount packs do not go with a 2G member. Source: ELG-11."""
    if not any(services.get(member) == M2G for member in composition.base):
        return []
    packs = [catalogue.packs[pack.pack] for pack in composition.packs]
    return [
        Refusal("ELG-11", "%(pack)s 不能与 2G 成员同用，请去掉其中之一。", {"pack": pack.name})
        for pack in packs
        if pack.roaming_discount
    ]


def excused_services(
    *, opened_as: str, scheme: str, current: Composition, services: Mapping[int, str]
) -> frozenset[str]:
    """What a bundle opened as B that is, or now becomes, A may lack: what it lacks already.

    Source: CHG-7.
    """
    if opened_as != "B" or scheme != "A":
        return frozenset()
    return MAY_BE_LACKING - {services[member] for member in current.base}


Fault = tuple[str, dict[str, object]]


def _base_faults(
    composition: Composition,
    *,
    needs: MemberNeeds,
    services: Mapping[int, str],
    excused: frozenset[str],
) -> Iterator[Fault]:
    held = Counter(services[member] for member in dict.fromkeys(composition.base))
    for service in sorted(needs.required - set(held) - excused):
        yield "%(offering)s必须有%(service)s成员。", {"service": SERVICE_NAMES[service]}
    if needs.one_or_more_of and not needs.one_or_more_of & set(held):
        names = "、".join(SERVICE_NAMES[service] for service in sorted(needs.one_or_more_of))
        yield "%(offering)s至少要有%(services)s中的一种成员。", {"services": names}
    for service in sorted(set(held) - needs.allowed):
        yield (
            "%(offering)s方案 %(scheme)s 没有%(service)s成员。",
            {"service": SERVICE_NAMES[service], "scheme": composition.scheme},
        )
    for service, count in sorted(held.items()):
        if count > 1:
            yield (
                "每种业务至多一个基础成员，现有 %(count)s 个%(service)s。",
                {
                    "count": count,
                    "service": SERVICE_NAMES[service],
                },
            )


def _twice(composition: Composition, *, numbers: Mapping[int, str]) -> Iterator[Fault]:
    for member, count in Counter(composition.members).items():
        if count > 1:
            yield (
                "%(number)s 被列了 %(count)s 次，请只列一次。",
                {
                    "number": numbers.get(member, member),
                    "count": count,
                },
            )


def _pack_faults(
    composition: Composition,
    *,
    services: Mapping[int, str],
    numbers: Mapping[int, str],
    catalogue: Catalogue,
) -> Iterator[Fault]:
    base_services = {services[member] for member in composition.base}
    for code, count in Counter(pack.pack for pack in composition.packs).items():
        pack = catalogue.packs[code]
        if count > pack.max:
            yield (
                "%(pack)s至多 %(max)s 个，现有 %(count)s 个。",
                {
                    "pack": pack.name,
                    "max": pack.max,
                    "count": count,
                },
            )
        if pack.needs and pack.needs not in base_services:
            yield (
                "%(pack)s需要%(service)s成员。",
                {
                    "pack": pack.name,
                    "service": SERVICE_NAMES[pack.needs],
                },
            )
    for item in composition.packs:
        yield from _terminal_faults(
            item, pack=catalogue.packs[item.pack], services=services, numbers=numbers
        )


def _terminal_faults(
    item: PackIn, *, pack: Pack, services: Mapping[int, str], numbers: Mapping[int, str]
) -> Iterator[Fault]:
    if item.terminal is None:
        if pack.adds_terminal:
            yield "%(pack)s要指定加装的终端。", {"pack": pack.name}
        return
    facts: dict[str, object] = {
        "pack": pack.name,
        "number": numbers.get(item.terminal, item.terminal),
    }
    if not pack.adds_terminal:
        yield "%(pack)s不带终端，请去掉 %(number)s。", facts
    elif services[item.terminal] not in pack.adds_terminal:
        names = "、".join(SERVICE_NAMES[service] for service in pack.adds_terminal)
        yield "%(pack)s的终端只能是%(services)s，%(number)s 不是。", facts | {"services": names}
