"""Where the one search box looks: a module per kind of thing, in the order they are shown."""

from bss.desk.search import Source
from bss.desk.sources.accounts import find_accounts
from bss.desk.sources.bundles import find_bundles
from bss.desk.sources.cases import find_cases
from bss.desk.sources.channels import find_channels
from bss.desk.sources.customers import find_customers
from bss.desk.sources.orders import find_orders

SOURCES: tuple[Source, ...] = (
    find_customers,
    find_orders,
    find_bundles,
    find_accounts,
    find_cases,
    find_channels,
)
