"""How a customer is told: in which hours, in which words, and how often it is tried.

Source: docs/adr, "nobody is told twice, and nobody at night".
"""

import re
from collections.abc import Mapping
from datetime import time

ATTEMPTS = 10
FIRST_PAUSE_S, LONGEST_PAUSE_S = 30, 3600
PLACES = ("account", "due", "due_on", "acts_on", "bills", "percent", "limit", "exposure", "hotline")
SMS_AT_MOST = 500

_PLACE = re.compile(r"\{([^{}]*)\}")
UNKNOWN_PLACE = "模板中没有 {%(place)s} 这个位置；可用的有：%(places)s。"
TOO_LONG = "短信正文最多 %(most)s 字，请删减。"


def is_quiet(moment: time, *, quiet: tuple[time, time]) -> bool:
    """Whether nothing is sent at this time of day; the quiet hours may pass midnight."""
    begins, ends = quiet
    if begins <= ends:
        return begins <= moment < ends
    return moment >= begins or moment < ends


def pause_s(attempts: int) -> int:
    """How long to wait after so many attempts: twice as long each time, an hour at most."""
    return min(FIRST_PAUSE_S << (attempts - 1), LONGEST_PAUSE_S)


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The template with its places filled in; a fact that is not there leaves nothing."""
    return _PLACE.sub(lambda found: facts.get(found[1], ""), text)


def unknown_places(text: str) -> list[str]:
    """What stands in braces and is none of the places."""
    return [name for name in _PLACE.findall(text) if name not in PLACES]


# What the steps that the product brings along are called, for the catalogues of languages.
STEP_NAMES = (
    "到期前提醒",
    "逾期提醒",
    "停机前 5 天",
    "停机前 1 天",
    "停机通知",
    "复机通知",
    "预销号前 15 天",
    "预销号前 3 天",
    "预销号通知",
    "额度已用 80%",
    "额度已用完",
)
