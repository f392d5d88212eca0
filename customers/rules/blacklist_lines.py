"""The lines of a black list as it is handed in: a customer code and why, one per line.

Source: S84-3.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

LINES_AT_MOST = 5000
REASON_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class BlacklistLine:
    """One customer to be listed."""

    number: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Faulty:
    """A line that cannot be used; ``why`` is a message id."""

    number: int
    why: str


def read_lines(text: str) -> tuple[Sequence[BlacklistLine], Sequence[Faulty]]:
    """The lines that can be used and those that cannot; empty ones do not count.

    Shape: ``code,reason``; also tab or full-width comma between them.
    """
    good: list[BlacklistLine] = []
    bad: list[Faulty] = []
    seen: set[str] = set()
    plain = text.lstrip("\ufeff").replace("，", ",").replace("\t", ",")
    for number, row in enumerate(csv.reader(plain.splitlines()), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        code, reason = cells[0].upper(), "，".join(cell for cell in cells[1:] if cell)
        if not code or not reason:
            bad.append(Faulty(number, "应为“客户编号,原因”"))
        elif code in seen:
            bad.append(Faulty(number, "同一客户出现两次"))
        elif len(reason) > REASON_AT_MOST:
            bad.append(Faulty(number, "原因超过 200 字"))
        else:
            seen.add(code)
            good.append(BlacklistLine(number, code, reason))
    return good, bad
