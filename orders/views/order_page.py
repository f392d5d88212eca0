"""An order: where it is in its life, what is to do and why, its papers, and taking it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import business_date
from bss.kernel.rulebook import RefusedError
from orders.models import Order, WorkOrder
from orders.rules.cancelled import SENTENCE_OF
from orders.services import withdrawal, work_orders
from orders.views.filters import OPEN_STATES, TO_DO_STATES
from orders.views.graphs import items_of
from orders.views.names import customer_name
from orders.views.reach import order_or_404
from packages_wo.models import BundleChange
from packages_wo.queries.catalogue import catalogue_on

TEMPLATE = "orders/order_page.html"


@requires("order.view")
def order_page(request: HttpRequest, code: str) -> HttpResponse:
    """The whole order."""
    return render(request, TEMPLATE, _context(request, order_or_404(code, staff=request.user)))


@require_POST
@requires("work_order.complete")
def complete(request: HttpRequest, code: str) -> HttpResponse:
    """Complete the ticked work orders; ``all`` completes what is left."""
    order = order_or_404(code, staff=request.user)
    ticked = [int(key) for key in request.POST.getlist("work_order") if key.isdigit()]
    if not ticked and "all" not in request.POST:
        messages.warning(request, _("请勾选要完成的工单。"))
        return redirect("orders:order", code=code)

    def act() -> None:
        work_orders.complete(
            order_id=order.pk,
            work_order_ids=None if "all" in request.POST else ticked,
            at=clock.now(),
            by_id=request.user.pk,
        )

    return _done(request, code, act, said=_("工单已完成。"))


@require_POST
@requires("order.accept")
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take the order back. Source: EFF-6."""
    order = order_or_404(code, staff=request.user)

    def act() -> None:
        withdrawal.withdraw(order_id=order.pk, at=clock.now(), by_id=request.user.pk)

    return _done(request, code, act, said=_("订单已撤单。"))


def _done(request: HttpRequest, code: str, act: Callable[[], None], *, said: str) -> HttpResponse:
    try:
        act()
    except (RefusedError, BadInputError) as refused:
        order = order_or_404(code, staff=request.user)
        return render_refused(request, TEMPLATE, _context(request, order), refused=refused)
    messages.success(request, said)
    return redirect("orders:order", code=code)


def _context(request: HttpRequest, order: Order) -> dict[str, Any]:
    rows = list(
        order.work_orders.select_related("subscription", "done_by").prefetch_related("after")
    )
    change = BundleChange.objects.select_related("bundle").filter(order_ref=order.code).first()
    open_ = order.state in OPEN_STATES
    left = [row for row in rows if row.state in TO_DO_STATES]
    return {
        "order": order,
        "customer_name": customer_name(order.customer),
        "customer": order.customer,
        "change": change,
        "offering": change
        and catalogue_on(business_date(order.accepted_at)).offering(change.bundle.offering),
        "rows": rows,
        "graph": items_of(rows),
        "done": len(rows) - len(left) if order.state != Order.State.CANCELLED else 0,
        "left": left,
        "life": _life(order, rows, change),
        "why_cancelled": SENTENCE_OF.get(order.cancelled_by_rule, ""),
        "may_complete": open_ and access.can(request.user, "work_order.complete"),
        "may_withdraw": open_ and access.can(request.user, "order.accept"),
        "crumbs": [(_("订单"), reverse("orders:list")), (order.code, "")],
    }


def _life(order: Order, rows: list[WorkOrder], change: BundleChange | None) -> list[dict[str, Any]]:
    """受理 → 施工 → 竣工 → 生效; or where it was given up."""
    done = sum(row.state == WorkOrder.State.DONE for row in rows)
    steps = [
        {"label": _("受理"), "when": _moment(order.accepted_at), "state": "done"},
        {
            "label": _("施工"),
            "when": "",
            "detail": _("%(done)s / %(all)s 张工单") % {"done": done, "all": len(rows)},
            "state": "now" if order.state in OPEN_STATES else "done",
        },
    ]
    if order.state == Order.State.CANCELLED:
        cancelled = {"label": _("撤销"), "when": _moment(order.cancelled_at), "state": "now"}
        return [*steps, cancelled | {"detail": order.cancelled_by_rule}]
    completed = order.state == Order.State.COMPLETED
    applied = change is not None and change.state == BundleChange.State.APPLIED
    waits = completed and change is not None and not applied
    steps.append(
        {
            "label": _("竣工"),
            "when": _moment(order.completed_at),
            "state": "done" if completed else "",
        }
    )
    if change is not None:
        lost = change.state in (BundleChange.State.SUPERSEDED, BundleChange.State.LAPSED)
        steps.append(
            {
                "label": _(change.get_state_display()) if lost else _("生效"),
                "when": f"{change.effective_on:%Y-%m-%d}" if change.effective_on else "",
                "detail": "" if change.effective_on else _("竣工后的下月 1 日"),
                "state": "done" if applied else "now" if waits else "",
            }
        )
    return steps


def _moment(at: Any) -> str:
    return localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
