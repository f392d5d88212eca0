"""A bank's file as records: refused whole when it is not whole, else line by line.

Source: docs/bank-files.md. The end says how many lines there are and what they come to; a file
that breaks off, or says another count or sum, is refused in one sentence and nothing is taken.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from billing.banks.layouts import LAYOUTS, Layout
from billing.banks.records import (
    ANSWER,
    END,
    HEAD,
    INCOMING,
    LINE,
    OUTGOING,
    STATEMENT,
)
from billing.banks.texts import SPREADSHEET, lines_of
from billing.rules.banks import ANSWERS, BANKS, CSV, FIXED, MOST_FEN, Bank
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.units import yuan

NO_HEAD = "第一行不是约定的文件头，这不是银行回盘或对帐单文件；请核对后重新选择文件。"
OTHER_BANK = "文件头中的银行代码 %(bank)s 没有签约，请核对文件。"
NO_END = "文件没有结尾行，可能只收到一半，没有处理任何一笔；请向银行索取完整文件。"
AFTER_END = "结尾行之后还有第 %(line)s 行，文件可能是两个拼在一起，没有处理任何一笔；请分开后导入。"
WRONG_COUNT = "文件写明 %(said)s 笔，实际有 %(found)s 笔，没有处理任何一笔；请向银行索取完整文件。"
WRONG_SUM = "文件写明合计 %(said)s 元，实际 %(found)s 元，没有处理任何一笔；请向银行索取完整文件。"

HEAD_AT_MOST_BYTES = 1_000
_FEN = re.compile(r"-?\d{1,16}")
_YUAN = re.compile(r"(-?)(\d{1,14})\.(\d\d)")
_WHOLE_YUAN = re.compile(r"(-?)(\d{1,14})()")
_COUNT = re.compile(r"\d{1,8}")
_DAY = re.compile(r"20\d{6}")


class Fault(NamedTuple):
    """A line that cannot be taken, with its reason and what it says."""

    line_no: int
    reason: str
    line: str


class Answered(NamedTuple):
    """What the bank did with one line of a batch."""

    line_no: int
    position: int
    amount_fen: int
    answer: str
    reference: str
    line: str


class Moved(NamedTuple):
    """One movement on the house's own account."""

    line_no: int
    reference: str
    day: date
    incoming: bool
    amount_fen: int
    payer_name: str
    payer_number: str
    virtual_number: str
    remark: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A whole file: its head, the lines that can be taken and those that cannot."""

    kind: str
    bank: Bank
    serial: str
    count: int
    total_fen: int
    answers: list[Answered] = field(default_factory=list)
    movements: list[Moved] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(content: bytes) -> Received:
    """Read an answer or a statement in either layout and any encoding that banks use.

    Raises: BadInputError in one sentence, when the file cannot be taken as a whole.
    """
    lines = lines_of(content)
    kind, layout = _kind_of(lines[0])
    amounts = _Amounts(layout=layout, whole_yuan=content.startswith(SPREADSHEET))
    head = layout.split(kind, lines[0])
    if head is None or head[0] != HEAD:
        raise BadInputError(("", NO_HEAD))
    bank = BANKS.get(head[1]["bank"])
    if bank is None:
        raise BadInputError(("", Sentence(OTHER_BANK, bank=head[1]["bank"] or "—")))
    end = _end_of(lines, kind, layout)
    body = [(no, line) for no, line in enumerate(lines[1:-1], start=2) if line.strip()]
    received = Received(
        kind=kind,
        bank=bank,
        serial=head[1]["serial"],
        count=_count(end["count"]),
        total_fen=amounts.of(end["total"]) or 0,
    )
    sums = _Sums()
    for no, line in body:
        _take(received, no, line, layout=layout, amounts=amounts, sums=sums)
    _check(received, head[1], amounts=amounts, lines=len(body), sums=sums)
    return received


def refuse_unlike(content: bytes) -> None:
    """Refuse what cannot be a bank's file, from its first line alone: for who must answer at once.

    A spreadsheet is opened by whoever takes it in. Raises: BadInputError in one sentence.
    """
    if not content.startswith(SPREADSHEET):
        _kind_of(lines_of(content[:HEAD_AT_MOST_BYTES].split(b"\n", 1)[0])[0])


@dataclass(slots=True)
class _Sums:
    fen: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Amounts:
    """How amounts are written: fen at fixed width, yuan with two digits in CSV."""

    layout: Layout
    whole_yuan: bool

    def of(self, text: str) -> int | None:
        if self.layout is LAYOUTS[FIXED]:
            return int(text) if _FEN.fullmatch(text) else None
        found = _YUAN.fullmatch(text) or (_WHOLE_YUAN.fullmatch(text) if self.whole_yuan else None)
        if found is None:
            return None
        fen = int(found[2]) * 100 + int(found[3] or 0)
        return -fen if found[1] else fen


def _kind_of(first: str) -> tuple[str, Layout]:
    """What the head says it is, and in which layout: in CSV a comma follows the mark."""
    cells = first.replace('"', "").split(",")
    layout, kind = (CSV, cells[1]) if cells[0] == HEAD and len(cells) > 1 else (FIXED, first[1:3])
    if not first.replace('"', "").startswith(HEAD) or kind not in (ANSWER, STATEMENT):
        raise BadInputError(("", NO_HEAD))
    return kind, LAYOUTS[layout]


def _end_of(lines: Sequence[str], kind: str, layout: Layout) -> dict[str, str]:
    """The last line, which must be the end, and the only one."""
    ends = [
        (no, split[1])
        for no, line in enumerate(lines, start=1)
        if line.startswith(END) and (split := layout.split(kind, line)) is not None
    ]
    if not ends:
        raise BadInputError(("", NO_END))
    no, end = ends[0]
    if no != len(lines):
        raise BadInputError(("", Sentence(AFTER_END, line=no + 1)))
    return end


def _check(
    received: Received, head: Mapping[str, str], *, amounts: _Amounts, lines: int, sums: _Sums
) -> None:
    """Head, end and what was found say the same. What cannot be read cannot be summed either."""
    said = _count(head["count"])
    if not lines == received.count == said:
        wrong = said if said != lines else received.count
        shown = "—" if wrong < 0 else wrong
        raise BadInputError(("", Sentence(WRONG_COUNT, said=shown, found=lines)))
    for fen in (received.total_fen, amounts.of(head["total"])):
        if fen != sums.fen and (fen is None or not sums.unreadable):
            said_yuan = "—" if fen is None else yuan(fen)
            raise BadInputError(("", Sentence(WRONG_SUM, said=said_yuan, found=yuan(sums.fen))))


def _count(text: str) -> int:
    return int(text) if _COUNT.fullmatch(text) else -1


def _take(
    received: Received, no: int, line: str, *, layout: Layout, amounts: _Amounts, sums: _Sums
) -> None:
    """One line into the answers, the movements or the faults."""
    split = layout.split(received.kind, line)
    if split is None or split[0] != LINE:
        sums.unreadable += 1
        received.faults.append(Fault(no, "malformed", line))
        return
    values = split[1]
    fen = amounts.of(values["amount"])
    if fen is None:
        sums.unreadable += 1
    else:
        sums.fen += fen
    if fen is None or not 0 < fen <= MOST_FEN:
        received.faults.append(Fault(no, "amount", line))
        return
    if received.kind == ANSWER:
        taken: Answered | Moved | str = _answered(no, line, values, fen)
    else:
        taken = _moved(no, line, values, fen)
    if isinstance(taken, str):
        received.faults.append(Fault(no, taken, line))
    elif isinstance(taken, Answered):
        received.answers.append(taken)
    else:
        received.movements.append(taken)


def _answered(no: int, line: str, values: Mapping[str, str], fen: int) -> Answered | str:
    if not _COUNT.fullmatch(values["position"]):
        return "malformed"
    if values["answer"] not in ANSWERS:
        return "unknown_code"
    reference = values["reference"][:30]
    return Answered(no, int(values["position"]), fen, values["answer"], reference, line)


def _moved(no: int, line: str, values: Mapping[str, str], fen: int) -> Moved | str:
    direction, reference = values["direction"], values["reference"]
    if direction not in (INCOMING, OUTGOING) or not 0 < len(reference) <= 30:
        return "malformed"
    day = _day(values["day"])
    if day is None:
        return "day"
    return Moved(
        no,
        reference,
        day,
        direction == INCOMING,
        fen,
        values["payer_name"][:100],
        values["payer_number"][:40],
        values["virtual_number"][:24],
        values["remark"][:200],
        line,
    )


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
