"""Who may promise to pay, until when, how often (PAY-7)."""

from dataclasses import dataclass
from datetime import date, timedelta

from bss.kernel.rulebook import Refusal
from bss.kernel.units import yuan

RULE = "PAY-7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the operator allows: days ahead, promises and broken ones in twelve months."""

    days_at_most: int
    promises_a_year: int
    broken_a_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an account stands when it wants to promise."""

    overdue_fen: int
    promised: bool
    stopped: bool
    blacklisted: bool
    made: int
    broken: int


def refusals(standing: Standing, *, on: date, until: date, bounds: Bounds) -> list[Refusal]:
    """Every reason why this promise is not accepted. Source: PAY-7."""
    last = on + timedelta(days=bounds.days_at_most)
    found = []
    if standing.overdue_fen <= 0:
        found.append(Refusal(RULE, "帐户没有逾期欠费，不需要承诺"))
    if not on < until <= last:
        found.append(
            Refusal(
                RULE,
                "承诺日期须在明天到 %(last)s 之间，最多 %(days)s 天",
                {"last": f"{last}", "days": bounds.days_at_most},
            )
        )
    if standing.promised:
        found.append(Refusal(RULE, "帐户已有一个承诺，到期或撤销以后才能再次承诺"))
    if standing.stopped:
        found.append(
            Refusal(
                RULE,
                "帐户已欠费停机，只有缴费才能复机；请缴清 %(fen)s 元",
                {"fen": yuan(standing.overdue_fen)},
            )
        )
    if standing.blacklisted:
        found.append(Refusal(RULE, "黑名单客户不能承诺缴费"))
    if standing.made >= bounds.promises_a_year:
        found.append(Refusal(RULE, "12 个月内已承诺 %(n)s 次，不再接受承诺", {"n": standing.made}))
    if standing.broken >= bounds.broken_a_year:
        found.append(
            Refusal(RULE, "12 个月内有 %(n)s 次承诺没有履行，不再接受承诺", {"n": standing.broken})
        )
    return found
