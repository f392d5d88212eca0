"""What the base template needs on every page."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bss.desk import menu
from bss.kernel import clock

THEMES = ("auto", "light", "dark")


def workbench(request: HttpRequest) -> dict[str, Any]:
    """Theme, business clock and menu; nothing is read from the database before it is used."""
    theme = request.COOKIES.get("theme", "auto")
    links = SimpleLazyObject(partial(_links, request))
    return {
        "theme": theme if theme in THEMES else "auto",
        "now": SimpleLazyObject(clock.now),
        "clock_moved": SimpleLazyObject(_clock_moved),
        "clock_movable": settings.BUSINESS_CLOCK_MOVABLE,
        "menu_links": links,
    }


def _links(request: HttpRequest) -> list[menu.Link]:
    staff = getattr(request, "user", None)
    if staff is None or not staff.is_authenticated:
        return []
    return menu.links_for(staff, request.path)


def _clock_moved() -> bool:
    return bool(clock.is_moved())
