"""营业厅日汇总: all shifts of a hall's day, by means, and what is not confirmed yet."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Payment
from billing.queries.hall_day import closes_to_hand_over, hall_day
from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.scope import in_place
from channels.models import Channel


@requires("till.confirm")
def hall_day_page(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """The hall's day."""
    channel = get_object_or_404(Channel.objects.filter(in_place(request.user)), code=code)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Http404(f"{day} is no day") from None
    found = hall_day(channel.pk, on)
    words = dict(Payment.Means.choices)
    return render(
        request,
        "billing/hall_day.html",
        {
            "channel": channel,
            "day": on,
            "found": found,
            "means": [(_(str(words[one.means])), one) for one in found.means],
            "to_hand_over": sum(close.takings_fen for close in closes_to_hand_over(channel.pk)),
            "may_pack": access.can(request.user, "handover.record"),
            "crumbs": [
                (_("日结"), reverse("billing:shifts")),
                (f"{channel.name} {on}", ""),
            ],
        },
    )
