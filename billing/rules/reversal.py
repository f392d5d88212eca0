"""What a reversal takes back: from the ledger, then from the lines that its cash paid."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEntry:
    """Cash that a ledger paid on a bill line (positive), or got back from it (negative)."""

    line: int
    amount_fen: int


def take_back(entries: Iterable[LineEntry], *, lacking_fen: int) -> list[LineEntry] | None:
    """What to take back from which lines, the latest payment first; None when it is not enough.

    ``entries`` come in the order in which they were written; what was taken back before came off
    the latest payments of that moment.
    Source: PAY-2.
    """
    paid: list[LineEntry] = []
    for entry in entries:
        if entry.amount_fen > 0:
            paid.append(entry)
        else:
            _pop(paid, -entry.amount_fen)
    if sum(entry.amount_fen for entry in paid) < lacking_fen:
        return None
    return _pop(paid, lacking_fen)


def _pop(paid: list[LineEntry], amount_fen: int) -> list[LineEntry]:
    """Take an amount off the end; give what came off."""
    taken = []
    while amount_fen:
        last = paid.pop()
        part = min(last.amount_fen, amount_fen)
        amount_fen -= part
        taken.append(LineEntry(line=last.line, amount_fen=part))
        if part < last.amount_fen:
            paid.append(LineEntry(line=last.line, amount_fen=last.amount_fen - part))
    return taken
