"""What a spreadsheet reads of a list."""

import pytest

from bss.kernel.pages.exports import harmless


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-2+3", "\t=1", "-500.00=1"])
def test_text_that_would_run_as_a_formula_is_kept_as_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("amount", ["-500.00", "-1,234.50", "-3", -3, "12.00", "话费", ""])
def test_amounts_and_other_text_stay_as_they_are(amount):
    assert harmless(amount) == amount
