"""How one table of the product is told to the person whom it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet, TextChoices
from django.utils.translation import gettext as _

from bss.kernel.units import yuan

Value = Callable[[Any], Any]
Columns = Mapping[str, tuple[Any, Value]]
"""Key → label (lazy) and what stands in the cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of ``model`` that one of ``owners`` leads to the customer from.

    ``within`` are models that are told in these same rows.
    """

    model: type[Model]
    code: str
    title: Any
    owners: tuple[str, ...]
    columns: Columns
    related: tuple[str, ...] = ()
    within: tuple[type[Model], ...] = ()
    where: Q = field(default_factory=Q)

    def rows_of(self, customer_id: int) -> QuerySet[Any]:
        """All rows about this customer, in the order in which they came."""
        theirs = reduce(or_, (Q(**{path: customer_id}) for path in self.owners))
        rows = self.model._base_manager.filter(theirs & self.where)
        return rows.select_related(*self.related).order_by("pk")


def of(path: str) -> Value:
    """What stands at this path of attributes; nothing, where it breaks off."""
    names = path.split(".")
    return lambda row: reduce(lambda found, name: getattr(found, name, None), names, row)


def yuan_of(name: str) -> Value:
    """An amount of fen as people read it."""

    def value(row: Any) -> str:
        fen = getattr(row, name)
        return "" if fen is None else yuan(fen)

    return value


def month_of(path: str) -> Value:
    """A month that is kept as its first day; nothing for what has none."""
    value = of(path)

    def month(row: Any) -> str:
        first_day = value(row)
        return f"{first_day:%Y-%m}" if first_day else ""

    return month


def word_of(name: str) -> Value:
    """A choice in the reader's words."""
    return lambda row: _(str(getattr(row, f"get_{name}_display")()))


def choice_of(path: str, choices: type[TextChoices]) -> Value:
    """The same for what is kept without saying which choices it is of."""
    words, value = dict(choices.choices), of(path)

    def word(row: Any) -> str:
        kept = value(row)
        return _(str(words.get(kept, kept)))

    return word
