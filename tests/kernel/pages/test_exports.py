"""What a spreadsheet reads of a list."""

import io

import pytest
from openpyxl import load_workbook

from bss.kernel.pages.exports import harmless, table_as_xlsx


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-2+3", "\t=1", "-500.00=1"])
def test_text_that_would_run_as_a_formula_is_kept_as_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("amount", ["-500.00", "-1,234.50", "-3", -3, "12.00", "话费", ""])
def test_amounts_and_other_text_stay_as_they_are(amount):
    assert harmless(amount) == amount


def test_a_title_that_no_sheet_may_have_is_written_without_its_strokes():
    file = table_as_xlsx(["帐户"], [["A1"]], filename="补出帐 2026-10/1: [全部]")
    book = load_workbook(io.BytesIO(file.content))
    assert book.sheetnames == ["补出帐 2026-10 1   全部 "]
    assert list(book.active.values) == [("帐户",), ("A1",)]
