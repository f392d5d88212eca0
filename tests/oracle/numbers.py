"""Number analysis of rules.md section 6: what a dialled number is to its caller."""

import re
from datetime import datetime

from phonenumbers import PhoneNumber, geocoder

from tests.oracle.world import World

MOBILE = re.compile(r"1[3-9][0-9]{9}")


def is_mobile(number: str) -> bool:
    return MOBILE.fullmatch(number) is not None


def analyse(
    dialled: str, *, caller_area: str, at: datetime, world: World
) -> tuple[str | None, str]:
    """The class of the number (None: nothing fits) and the number as the analysis leaves it."""
    plan = world.catalogue.data["number_plan"]
    number = normalised(dialled)
    return _class_of(number, plan, caller_area, at, world), number


def normalised(dialled: str) -> str:
    for prefix in ("+86", "0086"):
        if dialled.startswith(prefix):
            left = dialled.removeprefix(prefix)
            special = is_mobile(left) or (len(left) == 10 and left[:3] in ("400", "800"))
            if len(left) in (10, 11) and not left.startswith("0") and not special:
                return "0" + left
            return left
    if dialled.startswith("86") and is_mobile(dialled[2:]):
        return dialled[2:]
    return "00" + dialled[1:] if dialled.startswith("+") else dialled


def _class_of(number: str, plan: dict, caller_area: str, at: datetime, world: World) -> str | None:
    service = plan["service"]
    if len(number) > 11 and any(number.startswith(code + "0") for code in plan["access_codes"]):
        return "service"
    if number in plan["free"]:
        return "free"
    if len(number) == 10 and number.startswith(plan["toll_free_prefix"]):
        return "free"
    if number.startswith(tuple(plan["hmt"])):
        return "hmt"
    if number.startswith(tuple(plan["international"])):
        return "international"
    if len(number) == 10 and number.startswith(tuple(service["plus"])):
        return "service"
    if len(number) <= service["max_digits"] and number.startswith(tuple(service["prefixes"])):
        return "service"
    if is_mobile(number):
        return _class_of_mobile(number, caller_area, at, world)
    if number.startswith("0"):
        return "local" if number.startswith(caller_area) else "domestic"
    if len(number) in (7, 8) and number[0] in "2345678":
        return "local"
    return None


def _class_of_mobile(number: str, caller_area: str, at: datetime, world: World) -> str:
    ours = world.holder_of(number, at)
    if ours:
        return "local" if ours.area_at(at, world.home_areas) == caller_area else "domestic"
    home = world.catalogue.data["home_areas"].get(caller_area)
    parsed = PhoneNumber(country_code=86, national_number=int(number))
    place = geocoder.description_for_valid_number(parsed, "zh")
    return "local" if home and place.startswith(home) else "domestic"
