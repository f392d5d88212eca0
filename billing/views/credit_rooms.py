"""信控: the tabs that lead from one of its pages to the others, and what they share."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bss.kernel import access

ROOMS = (
    ("reminders", "催缴记录", "credit.view"),
    ("messages", "通知", "credit.view"),
    ("exposures", "信用额度", "credit.view"),
    ("endings", "预销号", "credit.view"),
    ("credit_runs", "信控运行", "credit.run"),
    ("reminder_steps", "步骤与模板", "credit.handle"),
)


def tabs(staff: Any) -> list[tuple[str, str, str]]:
    """Those that this person may open."""
    return [
        (name, _(label), reverse(f"billing:{name}"))
        for name, label, permission in ROOMS
        if access.can(staff, permission)
    ]


def crumbs(*last: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("信控"), reverse("billing:reminders")), *last]


def when(moment: Any) -> str:
    """A moment in exports; nothing for none."""
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
