"""A kept line and its fields: the line is what the switch sent, the columns are its file's.

Source: RAT-15.
"""

import csv
from collections.abc import Mapping, Sequence


def csv_fields(line: str, *, columns: Sequence[str]) -> Mapping[str, str] | None:
    """The fields by name, those left out empty; None when the line is not CSV or has too many."""
    try:
        (values,) = csv.reader([line], strict=True)
    except (csv.Error, ValueError):
        return None
    if "".join(values[len(columns) :]):
        return None
    return dict(zip(columns, [*values, *[""] * len(columns)], strict=False))
