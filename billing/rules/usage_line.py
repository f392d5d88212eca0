"""A kept line and its fields: the line is what the switch sent, the columns are its file's.

Source: RAT-15.
"""

import csv
from collections.abc import Mapping, Sequence

CSV = "csv"


def line_fields(line: str, *, format: str, columns: Sequence[str]) -> Mapping[str, str] | None:
    """The fields by name, those left out empty; None when the line is not of the format."""
    if format != CSV:
        raise ValueError(f"no usage format {format!r}")
    return csv_fields(line, columns=columns)


def csv_fields(line: str, *, columns: Sequence[str]) -> Mapping[str, str] | None:
    """The fields by name, those left out empty; None when the line is not CSV or has too many."""
    try:
        (values,) = csv.reader([line], strict=True)
    except (csv.Error, ValueError):
        return None
    if "".join(values[len(columns) :]):
        return None
    return dict(zip(columns, [*values, *[""] * len(columns)], strict=False))
