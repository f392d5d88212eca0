"""The menu shows exactly what one may open: an entry asks for what its page asks for."""

import pytest
from django.urls import resolve, reverse

from bss.desk.menu_table import ENTRIES


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.url_name)
def test_an_entry_asks_for_the_permission_of_its_page(entry):
    view = resolve(reverse(entry.url_name)).func
    page = view.view_class if hasattr(view, "view_class") else getattr(view, "cls", view)
    assert entry.permission == (getattr(page, "permission", "") or "")
