"""A kept line and its fields: the line is what the switch sent, the columns are its file's.

Source: RAT-15.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence

CSV, FIXED = "csv", "fixed"
"""Fields between commas, named by the file's first line; or each as wide as the manifest says."""
FORMATS = (CSV, FIXED)
WIDTH_SIGN = ":"
RECORD_ID = "record_id"
LONG_NUMBER, SHORT_NUMBER = r"([0-9]{3})[0-9]{3,}([0-9]{4})", r"([0-9])[0-9]{2,4}([0-9]{4})"
MASK = r"\1****\2"
"""How the numbers in a rejected line are shown: their beginnings and their last four digits."""


def masked_text(text: str) -> str:
    """The text with the middle of every number hidden."""
    return re.sub(SHORT_NUMBER, MASK, re.sub(LONG_NUMBER, MASK, text))


def line_fields(line: str, *, format: str, columns: Sequence[str]) -> Mapping[str, str] | None:
    """The fields by name, those left out empty; None when the line is not of the format.

    Raises: ValueError for a format that is not one of FORMATS.
    """
    if format == CSV:
        return csv_fields(line, columns=columns)
    if format == FIXED:
        return fixed_fields(line, columns=columns)
    raise ValueError(f"no usage format {format!r}")


def with_its_id_alone(line: str, *, format: str, columns: Sequence[str]) -> str:
    """The line of a record whose owner is to be forgotten: its record id in its place, no more."""
    fields = line_fields(line, format=format, columns=columns) or {}
    record_id = fields.get(RECORD_ID, "")
    if format == CSV:
        out = io.StringIO()
        kept = [record_id if name == RECORD_ID else "" for name in columns]
        csv.writer(out, lineterminator="").writerow(kept)
        return out.getvalue()
    widths = dict(map(column_of, columns))
    return "".join((record_id if name == RECORD_ID else "").ljust(widths[name]) for name in widths)


def csv_fields(line: str, *, columns: Sequence[str]) -> Mapping[str, str] | None:
    """The fields by name, those left out empty; None when the line is not CSV or has too many."""
    try:
        (values,) = csv.reader([line], strict=True)
    except (csv.Error, ValueError):
        return None
    if "".join(values[len(columns) :]):
        return None
    return dict(zip(columns, [*values, *[""] * len(columns)], strict=False))


def fixed_fields(line: str, *, columns: Sequence[str]) -> Mapping[str, str] | None:
    """The fields by name; None when there is something beyond the last of them.

    A column is its name and its width: ``record_id:20``.
    """
    fields, start = {}, 0
    for name, width in map(column_of, columns):
        fields[name] = line[start : start + width]
        start += width
    return None if line[start:].strip() else fields


def column_of(text: str) -> tuple[str, int]:
    """Name and width of a fixed column. Raises: ValueError."""
    name, sign, width = text.partition(WIDTH_SIGN)
    if not sign or not width.isdigit() or not int(width):
        raise ValueError(f"{text!r} is not a column such as record_id:20")
    return name, int(width)
