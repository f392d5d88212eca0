"""B3 日结: a shift's count against the books, counted by its cashier, confirmed by another."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Shift
from billing.queries.till import counted_shifts
from billing.rules.cash_count import DENOMINATIONS
from billing.services import shifts
from billing.views.cash_desk import movements_shown
from billing.views.till_forms import CountForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.paper import hand_out
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_place

TEMPLATE = "billing/shift.html"
COUNT = "billing/shift_count.html"


@requires("till.close")
def shift_page(request: HttpRequest, shift_id: int) -> HttpResponse:
    """One's own shift, or one that one confirms; what the books say stands beside the count."""
    shift = _shift_or_404(request.user, shift_id)
    return render(request, TEMPLATE, _context(request, shift))


@requires("till.close")
def count_page(request: HttpRequest, shift_id: int) -> HttpResponse:
    """The count, blind: what the books say is shown after it, never before."""
    shift = _shift_or_404(request.user, shift_id)
    if shift.cashier_id != request.user.pk:
        raise Http404(f"shift {shift_id} is not counted by this person")
    form = CountForm(request.POST or None)
    context = {"shift": shift, "form": form, "crumbs": _crumbs(shift, _("点数交班"))}
    if request.method != "POST":
        return render(request, COUNT, context)
    if not form.is_valid():
        return render_refused(request, COUNT, context)
    try:
        shifts.count_shift(
            shift_id=shift.pk,
            by_id=request.user.pk,
            pieces=form.pieces,
            slips=form.slips,
            remark=form.cleaned_data["remark"],
            at=clock.now(),
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, COUNT, context, refused=refused)
    messages.success(request, _("点数已登记，等主管确认。"))
    return redirect("billing:shift", shift_id=shift.pk)


@require_POST
@requires("till.confirm")
def confirm_shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    """A second person's yes to the count that was shown."""
    shift = _shift_or_404(request.user, shift_id)
    seen = request.POST.get("count", "")
    try:
        shifts.confirm_shift(
            shift_id=shift.pk,
            count_number=int(seen) if seen.isdecimal() else 0,
            by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
            remark=request.POST.get("remark", "")[:200],
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, _context(request, shift), refused=refused)
    messages.success(request, _("已确认日结。"))
    return redirect("billing:shift", shift_id=shift.pk)


@requires("till.close")
def day_close_pdf(request: HttpRequest, shift_id: int) -> HttpResponse:
    """日结单: the sheet that goes with the money."""
    shift = _shift_or_404(request.user, shift_id)
    at = localtime(clock.now())
    customers = {movement.account.owner_id for movement, _name in movements_shown(shift)}
    return hand_out(
        request,
        "papers/day_close.html",
        {**_context(request, shift), "printed_at": at, "printed_by": request.user},
        file_name=f"day-close-{shift.channel.code}-{shift.day:%Y%m%d}-{shift.pk}.pdf",
        customer_ids=sorted(customers),
        at=at,
        detail={"shift": shift.pk},
        back=reverse("billing:shift", args=[shift.pk]),
    )


def _shift_or_404(staff: Any, shift_id: int) -> Shift:
    """Raises: Http404 unless it is the person's own, or one of a hall where they confirm."""
    shift = counted_shifts().filter(pk=shift_id).first()
    if shift is None or not (shift.cashier_id == staff.pk or _confirms_in(staff, shift)):
        raise Http404(f"no shift {shift_id}")
    return shift


def _confirms_in(staff: Any, shift: Shift) -> bool:
    if not access.can(staff, "till.confirm"):
        return False
    reached = in_place(staff, organisation="channel__organisation", permission="till.confirm")
    return Shift.objects.filter(reached, pk=shift.pk).exists()


def _context(request: HttpRequest, shift: Shift) -> dict[str, Any]:
    counts = list(shift.counts.all())
    last = counts[-1] if counts else None
    own = shift.cashier_id == request.user.pk
    return {
        "shift": shift,
        "counts": counts,
        "last": last,
        "pieces": _pieces(last.pieces) if last else [],
        "close": getattr(shift, "close", None),
        "has_difference": last is not None and any(row.difference_fen for row in last.means.all()),
        "movements": movements_shown(shift),
        "own": own,
        "may_count": own and shift.state != Shift.State.CONFIRMED,
        "may_confirm": shift.state == Shift.State.COUNTED
        and not own
        and access.can(request.user, "till.confirm"),
        "may_see_hall": access.can(request.user, "till.confirm"),
        "crumbs": _crumbs(shift),
    }


def _pieces(counted: dict[str, int]) -> list[tuple[str, int, int]]:
    """(denomination, pieces, fen) of what was there."""
    return [
        (name, counted[str(fen)], fen * counted[str(fen)])
        for fen, name in DENOMINATIONS
        if counted.get(str(fen))
    ]


def _crumbs(shift: Shift, page: str = "") -> list[tuple[str, str]]:
    here = _("%(day)s %(cashier)s") % {"day": shift.day, "cashier": shift.cashier}
    if not page:
        return [(_("收银台"), reverse("billing:till")), (here, "")]
    place = reverse("billing:shift", args=[shift.pk])
    return [(_("收银台"), reverse("billing:till")), (here, place), (page, "")]
