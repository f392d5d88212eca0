"""A kept line: its fields in either format, and how it is shown."""

import pyarrow as pa
import pytest

from billing.batch.usage.rejects import masked_lines
from billing.rules.usage_line import (
    column_of,
    line_fields,
    masked_text,
    with_its_id_alone,
)

COLUMNS = ("record_id", "service_number", "call_type")


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("a,1,mo", ("a", "1", "mo")),
        ('"a,b",1', ("a,b", "1", "")),
        ("a,1,mo,,", ("a", "1", "mo")),
        ("a,1,mo,x", None),
        ('a,"1,mo', None),
    ],
)
def test_a_csv_line_has_the_fields_of_its_columns(line, fields):
    found = line_fields(line, format="csv", columns=COLUMNS)
    assert (found and tuple(found.values())) == fields


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("ab 0012mo", ("ab ", "0012", "mo")),
        ("ab", ("ab", "", "")),
        ("ab 0012mo  ", ("ab ", "0012", "mo")),
        ("ab 0012mox", None),
    ],
)
def test_a_fixed_line_is_cut_by_widths(line, fields):
    columns = ("record_id:3", "service_number:4", "call_type:2")
    found = line_fields(line, format="fixed", columns=columns)
    assert (found and tuple(found.values())) == fields


@pytest.mark.parametrize("text", ["record_id", "record_id:", "record_id:0", "record_id:x"])
def test_a_fixed_column_has_a_width(text):
    with pytest.raises(ValueError, match="is not a column"):
        column_of(text)


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("r1,13012345678,mo", "r1,130****5678,mo"),
        ("62345678 6234567", "6****5678 6****4567"),
        ("2026-10-05T09:00:00,60,010", "2026-10-05T09:00:00,60,010"),
        ("110102199001011234", "110****1234"),
    ],
)
def test_numbers_are_masked_one_by_one_as_many_at_once(line, masked):
    assert masked_text(line) == masked
    assert masked_lines(pa.array([line])) == [masked]


@pytest.mark.parametrize(
    ("line", "format", "columns", "kept"),
    [
        ("a,130,mo", "csv", ["record_id", "service_number", "call_type"], "a,,"),
        ('130,"x,1",mo', "csv", ["service_number", "record_id", "call_type"], ',"x,1",'),
        ("130  r7 ", "fixed", ["service_number:5", "record_id:3"], "     r7 "),
        ('"broken', "csv", ["record_id", "service_number"], ","),
    ],
)
def test_a_forgotten_line_keeps_its_id_in_its_place(line, format, columns, kept):
    assert with_its_id_alone(line, format=format, columns=columns) == kept
    assert line_fields(kept, format=format, columns=columns) is not None
