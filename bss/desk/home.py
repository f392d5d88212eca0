"""The cards of 今日 (D1). A card is shown to those who hold its permission and have news in it.

To add one: write ``def my_card(request) -> dict | None`` beside the page it leads to, a template
``templates/desk/cards/<name>.html``, and a row here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from billing.views.cards import my_drawer
from bss.desk.cards import month_run, my_customers, my_orders, work_to_do
from bss.kernel import access, clock
from bss.kernel.periods import Month
from bss.oversight.views.cards import approvals_waiting, my_notices
from channels.views.cards import my_hall
from complaints.views.cards import my_cases

Provider = Callable[[HttpRequest], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Card:
    """One box of the home page: who sees it, what it needs, how it looks."""

    permission: str
    provider: Provider
    template: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day of the month that everyone works towards. Source: EFF-5, CRD-2."""

    day: date
    label: str
    rule: str


def month_clock(request: HttpRequest) -> dict[str, Any]:
    """Where in the month we are and what comes next."""
    today = clock.today()
    month = Month.of(today)
    days = [
        Milestone(month.first_day, "月初生效", "EFF-5"),
        Milestone(date(month.year, month.number, 3), "出帐", "CRD-2"),
        Milestone(month.last_day, "缴费截止", "CRD-2"),
        Milestone(month.next.first_day, "下月月初生效", "EFF-5"),
    ]
    coming = next(index for index, m in enumerate(days) if m.day > today or m.day == month.last_day)
    steps = [
        {
            "label": m.label,
            "when": m.day,
            "rule": m.rule,
            "state": "done" if m.day < today else "now" if index == coming else "",
        }
        for index, m in enumerate(days)
    ]
    return {
        "month": month,
        "today": today,
        "steps": steps,
        "days_left": (month.last_day - today).days,
    }


CARDS: tuple[Card, ...] = (
    Card("", month_clock, "desk/cards/month_clock.html", wide=True),
    Card("approval.decide", approvals_waiting, "desk/cards/approvals_waiting.html"),
    Card("", my_notices, "desk/cards/my_notices.html"),
    Card("case.view", my_cases, "desk/cards/my_cases.html"),
    Card("customer.view", my_customers, "desk/cards/my_customers.html"),
    Card("order.view", my_orders, "desk/cards/my_orders.html"),
    Card("work_order.complete", work_to_do, "desk/cards/work_to_do.html"),
    Card("month.view", month_run, "desk/cards/month_run.html"),
    Card("till.open", my_drawer, "desk/cards/my_drawer.html"),
    Card("channel.view", my_hall, "desk/cards/my_hall.html"),
)


def cards_for(request: HttpRequest) -> list[tuple[Card, dict[str, Any]]]:
    """The cards this person sees, with what they show."""
    shown = []
    for card in CARDS:
        if card.permission and not access.admit(request.user, card.permission):
            continue
        context = card.provider(request)
        if context is not None:
            shown.append((card, context))
    return shown
