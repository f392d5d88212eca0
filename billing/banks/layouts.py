"""Two ways to write the same records: at fixed widths, or as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from billing.banks.records import AMOUNT, NUMBER, RECORDS, TEXT, Field
from billing.rules.banks import CSV, FIXED
from bss.kernel.units import yuan

Record = tuple[str, Mapping[str, object]]
"""A record's mark (H, D, T) and its values: fen and counts are ints, the rest is text."""

BYTES = "gb18030"
"""The widths of the fixed layout are bytes of this, whatever the file itself is written in."""


class Layout(Protocol):
    """How the records of one kind become text, and a line of it fields again."""

    def write(self, kind: str, records: Iterable[Record]) -> str: ...

    def split(self, kind: str, line: str) -> tuple[str, dict[str, str]] | None:
        """Mark and fields as text; None where the line is none of this layout."""


class Fixed:
    """定长: every field at its width, text to the left, figures with leading zeros, in fen."""

    def write(self, kind: str, records: Iterable[Record]) -> str:
        return "".join(f"{self._line(kind, *record)}\r\n" for record in records)

    def split(self, kind: str, line: str) -> tuple[str, dict[str, str]] | None:
        fields = RECORDS[kind].get(line[:1])
        raw = line[1:].encode(BYTES)
        if fields is None:
            return None
        width = sum(field.width for field in fields)
        if fields[-1].kind == TEXT:
            raw = raw.ljust(width)  # editors take trailing blanks away
        if len(raw) != width:
            return None
        found, start = {}, 0
        for field in fields:
            cut = raw[start : start + field.width]
            found[field.name] = cut.decode(BYTES, errors="replace").strip()
            start += field.width
        return line[:1], found

    def _line(self, kind: str, mark: str, values: Mapping[str, object]) -> str:
        return mark + "".join(_fixed(field, values[field.name]) for field in RECORDS[kind][mark])


class Csv:
    """CSV: the mark, then the fields; amounts in yuan with two digits."""

    def write(self, kind: str, records: Iterable[Record]) -> str:
        text = io.StringIO()
        writer = csv.writer(text)
        for mark, values in records:
            fields = RECORDS[kind][mark]
            writer.writerow([mark, *(_cell(field, values[field.name]) for field in fields)])
        return text.getvalue()

    def split(self, kind: str, line: str) -> tuple[str, dict[str, str]] | None:
        try:
            cells = next(csv.reader([line], strict=True), [])
        except csv.Error:
            return None
        return self.of_cells(kind, cells)

    def of_cells(self, kind: str, cells: Sequence[str]) -> tuple[str, dict[str, str]] | None:
        """The same for cells that are apart already, such as a spreadsheet's."""
        mark, *values = (cell.strip() for cell in cells) if cells else ("",)
        fields = RECORDS[kind].get(mark)
        if fields is None:
            return None
        for field in fields[len(values) :]:  # spreadsheets have no empty cells at the end
            if field.kind == TEXT:
                values.append("")
        if len(values) != len(fields):
            return None
        return mark, {field.name: value for field, value in zip(fields, values, strict=True)}


LAYOUTS: Mapping[str, Layout] = {FIXED: Fixed(), CSV: Csv()}


def _fixed(field: Field, value: object) -> str:
    if field.kind in (NUMBER, AMOUNT):
        assert isinstance(value, int)
        return f"{value:0{field.width}d}"
    return _cut(str(value), field.width)


def _cut(text: str, width: int) -> str:
    """As much of the text as the width holds, no character torn, filled up with blanks."""
    kept, used = [], 0
    for sign in text:
        size = len(sign.encode(BYTES))
        if used + size > width:
            break
        kept.append(sign)
        used += size
    return "".join(kept) + " " * (width - used)


def _cell(field: Field, value: object) -> str:
    if field.kind == AMOUNT:
        assert isinstance(value, int)
        return yuan(value)
    return str(value)
