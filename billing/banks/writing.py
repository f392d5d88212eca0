"""Write a file of one kind as its bank wants it, with head, end, counts and sums."""

from collections.abc import Iterable, Mapping
from datetime import date

from billing.banks.layouts import LAYOUTS, Record
from billing.banks.records import END, HEAD, LINE
from billing.rules.banks import Bank


def write(
    *, kind: str, bank: Bank, serial: str, day: date, lines: Iterable[Mapping[str, object]]
) -> bytes:
    """The whole file. The same lines give the same bytes.

    Units: amounts are fen.
    """
    rows = list(lines)
    sums: dict[str, object] = {
        "count": len(rows),
        "total": sum(int(str(row["amount"])) for row in rows),
    }
    head = {"kind": kind, "bank": bank.code, "serial": serial, "day": f"{day:%Y%m%d}", **sums}
    records: list[Record] = [(HEAD, head), *((LINE, row) for row in rows), (END, sums)]
    return LAYOUTS[bank.layout].write(kind, records).encode(bank.encoding)
