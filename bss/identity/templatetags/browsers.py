"""A browser's long signature in two words."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The first that stands in the signature wins: others pretend to be Chrome and Safari.
PROGRAMS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def browser(agent: str) -> str:
    """``Chrome · Windows``; what nobody knows is a program."""
    names = [
        next((name for mark, name in table if mark in agent), "") for table in (PROGRAMS, SYSTEMS)
    ]
    return " · ".join(name for name in names if name) or _("其他程序")
