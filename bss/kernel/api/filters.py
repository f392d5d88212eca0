"""Filters by attribute: ``?state=completed&orderDate.gte=2026-10-01``, as TM Forum writes them.

A resource declares the attributes it can be found by; another name is an error, so that a
misspelt filter never answers with the whole list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from bss.kernel.errors import BadInputError
from bss.kernel.periods import day_start, local_moment

NOT_FILTERS = frozenset({"fields", "offset", "limit", "format", "lang"})
OPERATORS = {"eq": "", "gt": "__gt", "gte": "__gte", "lt": "__lt", "lte": "__lte"}


def text(value: str) -> str:
    """A value as it stands. Raises: ValueError for characters that nothing can contain."""
    if "\x00" in value:
        raise ValueError("not a text")
    return value


def moment(value: str) -> datetime:
    """A moment, or a day as its 00:00. A ``+`` that the URL turned into a space is put back."""
    value = value.replace(" ", "+")
    if len(value) == 10:
        return day_start(date.fromisoformat(value))
    return local_moment(value.replace("Z", "+00:00"))


def words(table: Mapping[str, str]) -> Callable[[str], str]:
    """A word of the interface as the database's; an unknown one is found nowhere."""
    return lambda value: table.get(value, "\u2205")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute that a list can be filtered by: where it is stored and how it is read."""

    lookup: str
    read: Callable[[str], Any] = text
    ordered: bool = False


def asked_for(query: QueryDict, attributes: Mapping[str, Attribute]) -> Q:
    """What the query asks for; commas and repeated names mean "one of".

    Raises: BadInputError with every unknown attribute and unreadable value.
    """
    wanted, faults = Q(), []
    for name in query:
        if name in NOT_FILTERS:
            continue
        attribute, operator = _attribute(name, attributes)
        if attribute is None:
            known = ", ".join(sorted(attributes))
            sentence = _("不能按此属性筛选，可用的属性：%(known)s")
            faults.append((name, sentence % {"known": known}))
            continue
        values = [part for value in query.getlist(name) for part in value.split(",")]
        try:
            read = [attribute.read(value) for value in values]
        except ValueError:
            faults.append((name, "筛选值的格式不对"))
            continue
        wanted &= _one_of(attribute.lookup + OPERATORS[operator], read)
    if faults:
        raise BadInputError(*faults)
    return wanted


def _attribute(name: str, attributes: Mapping[str, Attribute]) -> tuple[Attribute | None, str]:
    if name in attributes:
        return attributes[name], "eq"
    stem, dot, operator = name.rpartition(".")
    found = attributes.get(stem)
    if (
        found is None
        or not dot
        or operator not in OPERATORS
        or not (found.ordered or operator == "eq")
    ):
        return None, ""
    return found, operator


def _one_of(lookup: str, values: list[Any]) -> Q:
    wanted = Q()
    for value in values:
        wanted |= Q(**{lookup: value})
    return wanted
