"""A work order: what is to do where, for whom and why; appointment, completion, another try."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_fsm import TransitionNotAllowed

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import BUSINESS_ZONE
from bss.kernel.rulebook import RefusedError
from orders.models import WorkOrder
from orders.services import work_orders
from orders.views.filters import OPEN_STATES, TO_DO_STATES
from orders.views.names import customer_name
from orders.views.reach import work_orders_for

TEMPLATE = "orders/work_order_page.html"
WINDOWS = {
    "morning": (gettext_lazy("上午 9–12 时"), time(9), time(12)),
    "afternoon": (gettext_lazy("下午 13–17 时"), time(13), time(17)),
    "evening": (gettext_lazy("傍晚 17–20 时"), time(17), time(20)),
}


class AppointmentForm(forms.Form):
    """The day and the window in which 装维 comes."""

    day = forms.DateField(
        label=gettext_lazy("上门日期"), widget=forms.DateInput(attrs={"type": "date"})
    )
    window = forms.ChoiceField(
        label=gettext_lazy("时段"), choices=[(key, word) for key, (word, *_rest) in WINDOWS.items()]
    )

    def moments(self) -> tuple[datetime, datetime]:
        day = self.cleaned_data["day"]
        _word, begins, ends = WINDOWS[self.cleaned_data["window"]]
        return (
            datetime.combine(day, begins, BUSINESS_ZONE),
            datetime.combine(day, ends, BUSINESS_ZONE),
        )


@requires("order.view")
def work_order_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole work order, also for the installer's phone."""
    return render(request, TEMPLATE, _context(request, _found(request, pk)))


@require_POST
@requires("work_order.complete")
def complete_one(request: HttpRequest, pk: int) -> HttpResponse:
    one = _found(request, pk)

    def act() -> None:
        work_orders.complete(
            order_id=one.order_id, work_order_ids=[pk], at=clock.now(), by_id=request.user.pk
        )

    return _done(request, pk, act, said=_("工单已完成。"))


@require_POST
@requires("work_order.complete")
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    _found(request, pk)

    def act() -> None:
        try:
            work_orders.try_again(work_order_id=pk, at=clock.now())
        except TransitionNotAllowed:
            raise BadInputError(("work_order", "工单没有失败，不需要重试。")) from None

    return _done(request, pk, act, said=_("工单已交回平台重试。"))


@require_POST
@requires("work_order.complete")
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    one = _found(request, pk)
    form = AppointmentForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, one) | {"form": form})

    def act() -> None:
        begins, ends = form.moments()
        work_orders.appoint(work_order_id=pk, appointment_from=begins, appointment_until=ends)

    return _done(request, pk, act, said=_("预约已记录。"), form=form)


def _done(
    request: HttpRequest, pk: int, act: Callable[[], None], *, said: str, **more: Any
) -> HttpResponse:
    try:
        act()
    except (RefusedError, BadInputError) as refused:
        context = _context(request, _found(request, pk)) | more
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, said)
    return redirect("orders:work_order", pk=pk)


def _found(request: HttpRequest, pk: int) -> WorkOrder:
    related = ("subscription__owner", "order__customer", "done_by")
    found: WorkOrder = get_object_or_404(
        work_orders_for(request.user).select_related(*related), pk=pk
    )
    return found


def _context(request: HttpRequest, one: WorkOrder) -> dict[str, Any]:
    related = ("subscription",)
    open_ = one.order.state in OPEN_STATES and one.state in TO_DO_STATES
    may_act = open_ and access.can(request.user, "work_order.complete")
    code = one.order.code
    return {
        "one": one,
        "order": one.order,
        "customer_name": customer_name(one.order.customer),
        "before": list(one.after.select_related(*related)),
        "behind": list(one.before.select_related(*related)),
        "may_act": may_act,
        "form": AppointmentForm() if may_act and one.manual else None,
        "crumbs": [
            (_("工单"), reverse("orders:work_orders")),
            (code, reverse("orders:order", args=[code])),
            (_(one.get_type_display()), ""),
        ],
    }
