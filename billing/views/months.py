"""B4 月结: every month with where it stands, and the one that wants something done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from billing.models import ClosedMonth, StartedMonth
from billing.queries import control_room
from billing.queries.control_room import BillFacts
from billing.queries.rejects import open_causes
from billing.queries.unbilled import unbilled_by_month
from billing.views import month_rooms
from billing.views.gaps_shown import gaps_shown
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month

MONTHS_SHOWN = 24


@requires("month.view")
def month_list(request: HttpRequest) -> HttpResponse:
    """The months, the latest first."""
    at = clock.now()
    now = Month.of(at)
    started = dict(StartedMonth.objects.values_list("month", "started_at"))
    closed = dict(ClosedMonth.objects.values_list("month", "closed_at"))
    runs = dict(BatchRun.objects.filter(kind=control_room.KIND).values_list("key", "state"))
    bills = control_room.months_with_bills()
    unbilled = unbilled_by_month()
    rows: list[dict[str, Any]] = [
        {
            "month": month,
            "started_at": started.get(month.first_day),
            "closed_at": closed.get(month.first_day),
            "state": _state(month, now, started, runs),
            "unbilled": unbilled.get(month.first_day, 0),
            "bills": bills.get(month.first_day, BillFacts(bills=0, total_fen=0, paid_fen=0)),
        }
        for month in control_room.known_months(until=now)[:MONTHS_SHOWN]
    ]
    return render(
        request,
        "billing/months.html",
        {
            "rows": rows,
            "now": at,
            "next": _next(rows, now),
            "trend": [
                (str(row["month"]), row["bills"].total_fen)
                for row in rows[::-1][-12:]
                if row["bills"].bills
            ],
            "causes": open_causes(),
            **gaps_shown(),
            "tabs": month_rooms.tabs(),
        },
    )


def _state(month: Month, now: Month, started: dict[Any, Any], runs: dict[str, str]) -> str:
    """The month's word: done, running, ready (something can be run) or planned."""
    if str(month) in runs:
        return runs[str(month)]
    if month.first_day not in started or month < now:
        return "ready"
    return "planned"


def _next(rows: list[dict[str, Any]], now: Month) -> dict[str, Any] | None:
    """The oldest month that waits for something."""
    waiting = [row for row in rows if row["state"] not in ("done", "planned")]
    return waiting[-1] if waiting else None
