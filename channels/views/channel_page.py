"""A hall and its day: what it sold, what it took by which means, and who did it."""

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.periods import Month
from bss.kernel.scope import in_place
from channels.models import Channel
from channels.queries.takings import (
    channels_with_month,
    clerks_of_day,
    revenue_by_day,
    sales_of_day,
    takings_of_day,
)
from channels.views.forms import DayForm

DAYS_SHOWN = 14
SALES_SHOWN = 100
# The words for means of payment; a channel knows their codes only.
MEANS = {
    "cash": gettext_noop("现金"),
    "card": gettext_noop("刷卡"),
    "cheque": gettext_noop("支票"),
    "transfer": gettext_noop("转帐"),
    "online": gettext_noop("网上支付"),
    "alipay": gettext_noop("支付宝"),
    "wechat": gettext_noop("微信支付"),
    "debit": gettext_noop("银行代扣"),
}


@requires("channel.view")
def channel_page(request: HttpRequest, code: str) -> HttpResponse:
    """One channel on one business day, today when none is asked for."""
    form = DayForm(request.GET or None, initial={"day": clock.today()})
    day: date = (form.is_valid() and form.cleaned_data["day"]) or clock.today()
    channel = get_object_or_404(
        channels_with_month(Month.of(day)).filter(in_place(request.user)), code=code
    )
    takings = takings_of_day(channel, day)
    sales = list(sales_of_day(channel, day)[: SALES_SHOWN + 1])
    clerks = clerks_of_day(channel, day)
    name_of = import_string(settings.SALE_NAMES)(day)
    return render(
        request,
        "channels/channel_page.html",
        {
            "channel": channel,
            "day": day,
            "month": Month.of(day),
            "form": DayForm(initial={"day": day}),
            "previous_day": day - timedelta(days=1),
            "next_day": day + timedelta(days=1) if day < clock.today() else None,
            "takings": [(_(MEANS.get(t.means, t.means)), t) for t in takings],
            "taken_fen": sum(t.amount_fen for t in takings),
            "sales": [(sale, name_of(sale.item)) for sale in sales[:SALES_SHOWN]],
            "more_sales": len(sales) > SALES_SHOWN,
            "sold": sum(clerk.sales for clerk in clerks),
            "sold_monthly_fen": sum(clerk.monthly_fen for clerk in clerks),
            "clerks": clerks,
            "days": _bars(channel, day),
            "crumbs": [(_("渠道"), reverse("channels:list")), (channel.name, "")],
        },
    )


def _bars(channel: Channel, day: date) -> list[tuple[str, int]]:
    by_day = revenue_by_day(channel, until=day, days=DAYS_SHOWN)
    return [(f"{one:%m-%d}", amount_fen) for one, amount_fen in by_day]
