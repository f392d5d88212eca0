"""日结: every shift of the halls one answers for."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import CountedMeans, Shift
from billing.queries.till import counted_shifts
from billing.views.till_forms import ShiftFilterForm
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.scope import in_place
from bss.kernel.units import yuan


def difference_of(shift: Shift) -> int | None:
    """Of the last count, all means together; None before any."""
    counts = list(shift.counts.all())
    return sum(row.difference_fen for row in counts[-1].means.all()) if counts else None


COLUMNS = (
    Column(
        name="day",
        label=gettext_lazy("营业日"),
        order_by=("day", "opened_at"),
        value=lambda shift: shift.day,
    ),
    Column(
        name="hall",
        label=gettext_lazy("营业厅"),
        order_by=("channel__code",),
        value=lambda shift: shift.channel.name,
    ),
    Column(
        name="cashier",
        label=gettext_lazy("收银员"),
        order_by=("cashier__username",),
        value=lambda shift: str(shift.cashier),
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda shift: _(shift.get_state_display()),
    ),
    Column(
        name="float",
        label=gettext_lazy("备用金(元)"),
        order_by=("opening_float_fen",),
        value=lambda shift: yuan(shift.opening_float_fen),
        num=True,
    ),
    Column(
        name="difference",
        label=gettext_lazy("长短款(元)"),
        value=lambda shift: "" if (fen := difference_of(shift)) is None else yuan(fen),
        num=True,
    ),
)


@requires("till.confirm")
def shift_list(request: HttpRequest) -> HttpResponse:
    """The latest day first; what waits for a yes is one filter away."""
    form = ShiftFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    reached = in_place(request.user, organisation="channel__organisation")
    rows = _filtered(counted_shifts().filter(reached), asked)
    page = ListPage(request, rows, columns=COLUMNS, sort="-day", form=form)
    if export := page.exported(gettext_lazy("日结")):
        return export
    return render_part(
        request,
        "billing/shift_list.html",
        "list",
        {"list": page, "rows": [(shift, difference_of(shift)) for shift in page.rows]},
    )


def _filtered(shifts: QuerySet[Shift], asked: dict[str, Any]) -> QuerySet[Shift]:
    if asked.get("day"):
        shifts = shifts.filter(day=asked["day"])
    if asked.get("state"):
        shifts = shifts.filter(state=asked["state"])
    if asked.get("difference"):
        differs = CountedMeans.objects.filter(count__shift=OuterRef("pk")).exclude(difference_fen=0)
        shifts = shifts.filter(Exists(differs))
    if text := (asked.get("q") or "").strip():
        shifts = shifts.filter(
            Q(cashier__username__iexact=text)
            | Q(cashier__display_name__icontains=text)
            | Q(channel__code__iexact=text)
            | Q(channel__name__icontains=text)
        )
    return shifts
