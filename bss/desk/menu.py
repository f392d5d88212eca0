"""The navigation as one person has it; a page that is not for them is hidden."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import NoReverseMatch, reverse

from bss.desk.menu_entry import Entry
from bss.desk.menu_table import ENTRIES
from bss.kernel import access


@dataclass(frozen=True, slots=True)
class Link:
    """An entry that this person may follow."""

    entry: Entry
    url: str
    current: bool
    count_url: str = ""


def links_for(staff: Any, path: str) -> list[Link]:
    """The entries this person may follow, the one they are on marked."""
    open_to = [
        (entry, url)
        for entry in ENTRIES
        if (not entry.permission or access.can(staff, entry.permission)) and (url := _url_of(entry))
    ]
    places = [
        (place, entry)
        for entry, url in open_to
        for place in (url, *map(_url_at, entry.also))
        if place and _is_under(path, place)
    ]
    _place, here = max(places, key=lambda found: len(found[0]), default=("", None))
    return [Link(entry, url, entry is here, _count_url(entry, staff)) for entry, url in open_to]


def grouped(links: list[Link]) -> Iterator[tuple[str, list[Link]]]:
    """(group, links) in the order of the table."""
    for group, found in groupby(links, key=lambda link: link.entry.group):
        yield group, list(found)


def _url_of(entry: Entry) -> str:
    return _url_at(entry.url_name)


def _url_at(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _count_url(entry: Entry, staff: Any) -> str:
    if not entry.count_url_name or not access.can(staff, entry.count_permission):
        return ""
    return reverse(entry.count_url_name)


def _is_under(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
