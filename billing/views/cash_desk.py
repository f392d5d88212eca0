"""B3 收银台: one's own drawer, opened, at work, waiting for its confirmation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing.models import DrawerMovement, Shift
from billing.queries.till import open_shift_of
from billing.services import shifts
from billing.views import reach
from billing.views.till import till_of
from billing.views.till_forms import OpenShiftForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError

TEMPLATE = "billing/till.html"
MOVEMENTS_SHOWN = 50
SHIFTS_SHOWN = 10


@requires("till.open")
def till_page(request: HttpRequest) -> HttpResponse:
    """The open shift with what went through it, or the form that opens one."""
    if request.method != "POST":
        return render(request, TEMPLATE, _context(request, OpenShiftForm()))
    form = OpenShiftForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, form))
    try:
        shifts.open_shift(
            cashier_id=request.user.pk,  # type: ignore[arg-type]
            channel_id=till_of(request.user),
            opening_float_fen=form.cleaned_data["opening_float"],
            at=clock.now(),
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, _context(request, form), refused=refused)
    messages.success(request, _("已开班，可以收款。"))
    return redirect("billing:till")


def movements_shown(shift: Shift) -> list[tuple[DrawerMovement, str]]:
    """The latest money of a shift, with whose it is."""
    rows = DrawerMovement.objects.filter(shift=shift).select_related(
        "account__owner", "receipt__channel"
    )
    return [
        (row, reach.account_name(row.account)) for row in rows.order_by("-id")[:MOVEMENTS_SHOWN]
    ]


def _context(request: HttpRequest, form: OpenShiftForm) -> dict[str, Any]:
    shift = open_shift_of(request.user.pk)
    own = Shift.objects.filter(cashier=request.user.pk).select_related("channel", "close")
    return {
        "form": form,
        "shift": shift,
        "movements": movements_shown(shift) if shift else [],
        "earlier": list(own.exclude(state=Shift.State.OPEN).order_by("-id")[:SHIFTS_SHOWN]),
        "may_take": access.can(request.user, "payment.take"),
        "crumbs": [(_("收银台"), "")],
    }
