"""The ways in which a record is charged, and the rules and the sentence that explain each.

A rated record keeps its way: with its minutes and amounts that is the whole "why" of a bill line.
"""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """计费方式 — how a record came to its price."""

    ZERO_SECONDS = "zero_seconds"
    FREE_NUMBER = "free_number"
    RECEIVED = "received"
    ROAMING = "roaming"
    ABROAD = "abroad"
    POOL = "pool"
    PLAN = "plan"
    FORWARD_POOL = "forward_pool"
    FORWARD_PLAN = "forward_plan"
    FORWARD = "forward"
    FORWARD_DOMESTIC = "forward_domestic"
    FORWARD_DOMESTIC_POOL = "forward_domestic_pool"
    VPN_POOL = "vpn_pool"
    VPN_ONLY = "vpn_only"
    VPN_3G = "vpn_3g"
    SMS = "sms"
    DATA = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    way: Way
    rules: tuple[str, ...]
    sentence: str


EXPLANATIONS = (
    Explanation(way=Way.ZERO_SECONDS, rules=("RAT-1",), sentence="通话零秒，不收费"),
    Explanation(way=Way.FREE_NUMBER, rules=("RAT-5",), sentence="免费号码，不收费，不计时长"),
    Explanation(way=Way.RECEIVED, rules=("RAT-17", "RAT-18"), sentence="归属地接听，不收费"),
    Explanation(way=Way.ROAMING, rules=("RAT-6", "RAT-13"), sentence="漫游通话，按标准资费"),
    Explanation(way=Way.ABROAD, rules=("RAT-6", "RAT-13"), sentence="港澳台或国际，按标准资费"),
    Explanation(
        way=Way.POOL, rules=("RAT-2", "RAT-4", "RAT-8"), sentence="先用共享时长，超出按套外单价"
    ),
    Explanation(way=Way.PLAN, rules=("RAT-13",), sentence="先用套餐自带时长，其余按套餐资费"),
    Explanation(
        way=Way.FORWARD_POOL,
        rules=("RAT-2", "RAT-7", "RAT-8"),
        sentence="固话呼转视同主叫，先用共享时长，超出按套外单价",
    ),
    Explanation(
        way=Way.FORWARD_PLAN,
        rules=("RAT-7", "RAT-13"),
        sentence="固话呼转视同主叫，先用套餐自带时长，其余按套餐资费",
    ),
    Explanation(way=Way.FORWARD, rules=("RAT-7", "RAT-13"), sentence="全程按呼转资费"),
    Explanation(
        way=Way.FORWARD_DOMESTIC,
        rules=("RAT-7", "RAT-13"),
        sentence="全程按呼转资费，另加长途资费",
    ),
    Explanation(
        way=Way.FORWARD_DOMESTIC_POOL,
        rules=("RAT-2", "RAT-7", "RAT-8"),
        sentence="全程按呼转资费；长途段先用共享时长，超出按套外单价",
    ),
    Explanation(
        way=Way.VPN_POOL,
        rules=("RAT-8", "RAT-9", "RAT-12"),
        sentence="先用群内时长，再用共享时长，超出按套外单价",
    ),
    Explanation(
        way=Way.VPN_ONLY,
        rules=("RAT-8", "RAT-9", "RAT-12"),
        sentence="先用群内时长，超出按套外单价",
    ),
    Explanation(
        way=Way.VPN_3G,
        rules=("RAT-10", "RAT-12"),
        sentence="先用本机群内时长，再用套餐自带时长，其余按套餐资费",
    ),
    Explanation(way=Way.SMS, rules=("RAT-16",), sentence="先用套餐短信条数，其余按条计费"),
    Explanation(way=Way.DATA, rules=("RAT-16",), sentence="先用套餐流量，其余按 KB 计费"),
)

EXPLANATION_OF_WAY = {explanation.way: explanation for explanation in EXPLANATIONS}
