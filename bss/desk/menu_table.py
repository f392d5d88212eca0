"""What stands in the navigation, and for whom: the home page, then each group's table."""

from django.utils.translation import gettext_noop as _n

from bss.desk.menu_entry import Entry
from bss.desk.menu_rows import house, money, sell, serve

HOME = Entry(url_name="home", label=_n("今日"), icon="home", key="h")

ENTRIES = (HOME, *serve.ENTRIES, *sell.ENTRIES, *money.ENTRIES, *house.ENTRIES)
