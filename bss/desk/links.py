"""Ways to other pages: only those that exist and that this person may follow."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from bss.kernel import access


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One action: where it leads, its word and icon; ``main`` is the page's main button."""

    url: str
    label: str
    icon: str = ""
    main: bool = False


def address_of(url_name: str, *args: Any, **query: Any) -> str:
    """The page's address, or "" while it has none."""
    try:
        url = reverse(url_name, args=args)
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode(query)}" if query else url


def way(
    staff: Any,
    permission: str,
    url: str,
    label: Any,
    *,
    icon: str = "",
    main: bool = False,
) -> list[Way]:
    """The action as a list of one, or none when it is not for this person."""
    if not url or not access.can(staff, permission):
        return []
    return [Way(url=url, label=str(label), icon=icon, main=main)]
