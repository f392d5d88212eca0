"""One difference: what both sides say, and the ways to settle it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.gateway_kinds import REVERSE
from billing.gateways.configured import gateway
from billing.gateways.protocol import GatewayError
from billing.models import ReconciliationLine
from billing.services import reconciliation_lines
from billing.views.qr_order import SILENT
from billing.views.reconciliation import lines_reached_by
from billing.views.reconciliation_forms import NoteForm, ReasonForm
from bss.kernel import access, approvals, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError

TEMPLATE = "billing/reconciliation_line.html"
Kind = ReconciliationLine.Kind
REVERSIBLE = (Kind.OURS_ONLY, Kind.DIFFERENT)


@requires("reconciliation.view")
def line_page(request: HttpRequest, line_id: int) -> HttpResponse:
    """What is known of a line, and what may be done about it."""
    return render(request, TEMPLATE, _context(request, _line_or_404(request, line_id)))


@require_POST
@requires("reconciliation.handle")
def book_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """To the account of its order, or to what is nobody's yet."""
    line = _line_or_404(request, line_id)

    def booked() -> None:
        reconciliation_lines.book(
            line_id=line.pk,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )

    return _done(request, line, booked, _("已补记入帐。"))


@require_POST
@requires("reconciliation.handle")
def ask_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Ask the gateway about it once more."""
    line = _line_or_404(request, line_id)

    def asked() -> None:
        reconciliation_lines.ask_again(
            line_id=line.pk,
            gateway=gateway(line.reconciliation.gateway),
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )

    return _done(request, line, asked, _("网关现在与我方一致。"))


@require_POST
@requires("reconciliation.handle")
def note_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Say what the difference is."""
    line = _line_or_404(request, line_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, line, note=form))

    def noted() -> None:
        reconciliation_lines.explain(
            line_id=line.pk,
            text=form.cleaned_data["note"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )

    return _done(request, line, noted, _("已记下说明。"))


@require_POST
@requires("reconciliation.handle")
def reverse_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Ask a second person to take our payment back."""
    line = _line_or_404(request, line_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, line, reason=form))

    def asked() -> None:
        approvals.ask(
            kind=REVERSE,
            payload={"line_id": line.pk},
            asked_by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
            reason=form.cleaned_data["reason"],
        )

    return _done(request, line, asked, _("已提交审批，批准后冲正。"))


def _done(
    request: HttpRequest, line: ReconciliationLine, act: Callable[[], None], said: str
) -> HttpResponse:
    try:
        act()
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, _context(request, line), refused=refused)
    except GatewayError:
        problem = BadInputError(("", _(SILENT)))
        return render_refused(request, TEMPLATE, _context(request, line), refused=problem)
    messages.success(request, said)
    return redirect("billing:reconciliation_line", line_id=line.pk)


def _line_or_404(request: HttpRequest, line_id: int) -> ReconciliationLine:
    rows = lines_reached_by(request.user).select_related(
        "done_by", "payment__account__owner", "back__refund"
    )
    line: ReconciliationLine = get_object_or_404(rows, pk=line_id)
    return line


def _context(request: HttpRequest, line: ReconciliationLine, **forms: Any) -> dict[str, Any]:
    waiting = line.kind != Kind.MATCHED and not line.action
    may = waiting and access.can(request.user, "reconciliation.handle")
    ours = line.payment is not None and line.payment.reversed_at is None
    waits_there = line.back is not None and line.back.amount_fen == line.theirs_fen
    whole_back = line.refund and ours and line.payment.amount_fen == line.theirs_fen  # type: ignore[union-attr]
    asked = Approval.objects.filter(
        kind=REVERSE, payload__line_id=line.pk, state=Approval.State.ASKED
    )
    day = line.reconciliation
    return {
        "line": line,
        "reconciliation": day,
        "waiting": waiting,
        "may_book": may and line.kind == Kind.THEIRS_ONLY and (waits_there or not line.refund),
        "may_ask": may and line.kind != Kind.UNREADABLE and (line.back or not line.refund),
        "may_note": may,
        "may_reverse": may and ours and (line.kind in REVERSIBLE or whole_back),
        "asked": waiting and asked.exists(),
        "note": NoteForm(),
        "reason": ReasonForm(),
        **forms,
        "crumbs": [
            (_("网关对帐"), reverse("billing:reconciliations")),
            (
                f"{_(day.get_gateway_display())} {day.day}",
                reverse("billing:reconciliation", args=[day.pk]),
            ),
            (line.number or _("第 %(n)s 行") % {"n": line.line_no}, ""),
        ],
    }
