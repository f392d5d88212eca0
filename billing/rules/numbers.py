"""Number analysis 号码分析: what kind of call a called number makes.

Source: rules.md section 6 "Number analysis"; scenarios README "Usage".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

COUNTRY_PREFIXES = ("+86", "0086")
MOBILE_PATTERN = r"1[3-9][0-9]{9}"
PREFIXED_MOBILE_PATTERN = r"86(1[3-9][0-9]{9})"
LOCAL_PATTERN = r"[2-8][0-9]{6,7}"
SEGMENT_DIGITS = 7


class CallClass(StrEnum):
    """呼叫类别 — by the number that was called."""

    FREE = "free"
    SERVICE = "service"
    HMT = "hmt"
    INTERNATIONAL = "international"
    LOCAL = "local"
    DOMESTIC = "domestic"


INLAND = (CallClass.LOCAL, CallClass.DOMESTIC, CallClass.SERVICE)
"""The classes that a pool or a plan's minutes cover. Source: RAT-4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPlan:
    """The catalogue's number plan; ``home_areas`` names each area code: ``{"010": "北京"}``."""

    free: tuple[str, ...]
    service_prefixes: tuple[str, ...]
    service_max_digits: int
    ten_digit_service: tuple[str, ...]
    hmt: tuple[str, ...]
    international: tuple[str, ...]
    access_codes: tuple[str, ...]
    toll_free_prefix: str
    home_areas: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What the analysis found; ``number`` is complete, a local one has the caller's area code."""

    call_class: CallClass
    number: str


def plain_number(dialled: str, *, plan: NumberPlan) -> str:
    """The dialled number without the ways to write China, other countries with ``00``."""
    for prefix in COUNTRY_PREFIXES:
        if dialled.startswith(prefix):
            return _with_trunk_zero(dialled.removeprefix(prefix), plan=plan)
    if mobile := re.fullmatch(PREFIXED_MOBILE_PATTERN, dialled):
        return mobile[1]
    return "00" + dialled[1:] if dialled.startswith("+") else dialled


def analyse_number(
    dialled: str,
    *,
    caller_area: str,
    plan: NumberPlan,
    subscriber_area: Callable[[str], str | None],
    segment_place: Callable[[str], str | None],
) -> Called | None:
    """The class of a call, or None when nothing fits (``no_tariff``).

    ``subscriber_area`` gives the area of our own mobile numbers at the call's start,
    ``segment_place`` the place name of a 7-digit segment; either may know nothing.
    """
    number = plain_number(dialled, plan=plan)
    by_table = _class_by_table(number, plan=plan)
    if by_table is not None:
        return Called(call_class=by_table, number=number)
    if re.fullmatch(MOBILE_PATTERN, number):
        area = subscriber_area(number)
        if area is not None:
            is_local = area == caller_area
        else:
            home_name = plan.home_areas.get(caller_area)
            place = segment_place(number[:SEGMENT_DIGITS])
            is_local = bool(home_name and place and place.startswith(home_name))
    elif number.startswith("0"):
        is_local = bool(caller_area) and number.startswith(caller_area)
    elif re.fullmatch(LOCAL_PATTERN, number):
        return Called(call_class=CallClass.LOCAL, number=caller_area + number)
    else:
        return None
    return Called(call_class=CallClass.LOCAL if is_local else CallClass.DOMESTIC, number=number)


def _with_trunk_zero(rest: str, *, plan: NumberPlan) -> str:
    ten_digit_prefixes = tuple(filter(None, (*plan.ten_digit_service, plan.toll_free_prefix)))
    is_special = re.fullmatch(MOBILE_PATTERN, rest) or (
        len(rest) == 10 and rest.startswith(ten_digit_prefixes)
    )
    if len(rest) in (10, 11) and not rest.startswith("0") and not is_special:
        return "0" + rest
    return rest


def _class_by_table(number: str, *, plan: NumberPlan) -> CallClass | None:
    if len(number) > 11 and number.startswith(tuple(code + "0" for code in plan.access_codes)):
        return CallClass.SERVICE
    if number in plan.free:
        return CallClass.FREE
    if len(number) == 10 and plan.toll_free_prefix and number.startswith(plan.toll_free_prefix):
        return CallClass.FREE
    if number.startswith(plan.hmt):
        return CallClass.HMT
    if number.startswith(plan.international):
        return CallClass.INTERNATIONAL
    if len(number) == 10 and number.startswith(plan.ten_digit_service):
        return CallClass.SERVICE
    if number.startswith(plan.service_prefixes) and len(number) <= plan.service_max_digits:
        return CallClass.SERVICE
    return None
