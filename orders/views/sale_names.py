"""What a channel sold, in words: a sale fact keeps the product's code."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from bss.kernel.masking import masked_number
from orders.models import Order
from orders.views.names import VALUE_ADDED
from packages_wo.queries.catalogue import NoCatalogueError, catalogue_on
from packages_wo.queries.names import plan_names


def sale_names(day: date) -> Callable[[str], str]:
    """How items are called by the catalogue of a day; what it does not know keeps its code.

    ``M2G-STD 13011110000`` → 2G 标准 50 元 130****0000: a new subscription's number is masked.
    """
    try:
        packs = catalogue_on(day).packs
    except NoCatalogueError:
        packs = {}
    plan_name = plan_names(day)
    businesses = dict(Order.Type.choices)

    def name_of(item: str) -> str:
        code, _space, number = item.partition(" ")
        if code in packs:
            return _(packs[code].name)
        if code in VALUE_ADDED:
            return str(VALUE_ADDED[code])
        if code in businesses:
            return _(businesses[code])
        return f"{plan_name(code)} {masked_number(number)}".strip()

    return name_of
