"""The records of bank files: which fields stand in the head, the lines and the end of each kind.

The same table is written at fixed widths or as CSV (docs/bank-files.md). Widths are bytes of
GB18030, in which a Chinese character has two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DEBIT, ANSWER, STATEMENT = "DK", "HP", "DZ"
HEAD, LINE, END = "H", "D", "T"
TEXT, NUMBER, AMOUNT, DAY = "text", "number", "amount", "day"


@dataclass(frozen=True, slots=True)
class Field:
    """One field; an amount is fen with leading zeros at fixed width, and yuan in CSV."""

    name: str
    width: int
    kind: str = TEXT


_HEAD = (
    Field("kind", 2),
    Field("bank", 4),
    Field("serial", 16),
    Field("day", 8, DAY),
    Field("count", 8, NUMBER),
    Field("total", 16, AMOUNT),
)
_END = (Field("count", 8, NUMBER), Field("total", 16, AMOUNT))

RECORDS: Final[Mapping[str, Mapping[str, tuple[Field, ...]]]] = {
    DEBIT: {
        HEAD: _HEAD,
        LINE: (
            Field("position", 8, NUMBER),
            Field("contract", 20),
            Field("number", 32),
            Field("holder", 60),
            Field("amount", 14, AMOUNT),
            Field("purpose", 30),
        ),
        END: _END,
    },
    ANSWER: {
        HEAD: _HEAD,
        LINE: (
            Field("position", 8, NUMBER),
            Field("amount", 14, AMOUNT),
            Field("answer", 2),
            Field("reference", 30),
            Field("day", 8, DAY),
        ),
        END: _END,
    },
    STATEMENT: {
        HEAD: _HEAD,
        LINE: (
            Field("reference", 30),
            Field("day", 8, DAY),
            Field("direction", 1),
            Field("amount", 14, AMOUNT),
            Field("payer_name", 60),
            Field("payer_number", 32),
            Field("virtual_number", 24),
            Field("remark", 60),
        ),
        END: _END,
    },
}

INCOMING, OUTGOING = "C", "D"
"""贷记 (money in) and 借记 (money out), as the bank marks the lines of a statement."""
