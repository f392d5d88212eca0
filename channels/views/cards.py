"""What the home page says about the hall one works in."""

from typing import Any

from django.http import HttpRequest

from bss.kernel import clock
from channels.models import Channel
from channels.queries.takings import clerks_of_day, takings_of_day


def my_hall(request: HttpRequest) -> dict[str, Any] | None:
    """Today at the hall or dealer of my organisation; nothing when it has none."""
    organisation_id = getattr(request.user, "organisation_id", None)
    if organisation_id is None:
        return None
    counters = (Channel.Kind.HALL, Channel.Kind.DEALER)
    channel = Channel.objects.filter(
        organisation=organisation_id, active=True, kind__in=counters
    ).first()
    if channel is None:
        return None
    today = clock.today()
    clerks = clerks_of_day(channel, today)
    return {
        "channel": channel,
        "today": today,
        "sold": sum(clerk.sales for clerk in clerks),
        "taken_fen": sum(taking.amount_fen for taking in takings_of_day(channel, today)),
        "mine": next((c for c in clerks if c.staff_id == request.user.pk), None),
    }
