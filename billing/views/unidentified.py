"""One sum of unidentified money: find whose it is and give it to them, or give it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing import bank_kinds
from billing.models import Account, UnidentifiedPayment
from billing.queries.debts import due_fen
from billing.queries.unidentified import candidates
from billing.services import desk_transfers, unidentified
from billing.views import bank_rooms, reach
from billing.views.bank_forms import (
    AccountSearchForm,
    GiveBackForm,
    IdentifyForm,
    MatchDeskForm,
)
from billing.views.sending_back import send_now
from bss.kernel import access, approvals, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from customers.queries.shown_names import shown_name

TEMPLATE = "billing/unidentified.html"


@requires("bank.view")
def unidentified_page(request: HttpRequest, unidentified_id: int) -> HttpResponse:
    """Where it came from, and which accounts it may be for; ``?q=`` looks for others."""
    return render(request, TEMPLATE, _context(request, unidentified_id))


@require_POST
@requires("bank.handle")
def identify(request: HttpRequest, unidentified_id: int) -> HttpResponse:
    """Put it into the account, or put that before a second person."""
    form = IdentifyForm(request.POST)
    context = _context(request, unidentified_id, identifying=form)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    code = form.cleaned_data["account"].strip().upper()
    account = reach.accounts_reached_by(request.user).filter(code=code).first()
    if account is None:
        form.add_error("account", _("没有这个帐户，请核对帐户编号。"))
        return render_refused(request, TEMPLATE, context)
    payload = {"unidentified_id": unidentified_id, "account_id": account.pk}
    return _done(
        request, context, kind=bank_kinds.IDENTIFY, payload=payload, act=unidentified.identify,
        reason=form.cleaned_data["reason"], said=_("已入帐到帐户 %(code)s。") % {"code": code},
    )  # fmt: skip


@require_POST
@requires("bank.handle")
def give_back(request: HttpRequest, unidentified_id: int) -> HttpResponse:
    """Give it back, or put that before a second person."""
    form = GiveBackForm(request.POST)
    context = _context(request, unidentified_id, returning=form)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    return _done(
        request, context, kind=bank_kinds.GIVE_BACK, payload={"unidentified_id": unidentified_id},
        act=unidentified.give_back, reason=form.cleaned_data["reason"],
        said=_("已登记退回，请在银行办理原路退款。"),
    )  # fmt: skip


@require_POST
@requires("bank.handle")
def match_desk(request: HttpRequest, unidentified_id: int) -> HttpResponse:
    """It is what a desk took already."""
    form = MatchDeskForm(request.POST)
    context = _context(request, unidentified_id, matching=form)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        desk_transfers.clear_by_hand(
            unidentified_id=unidentified_id,
            movement_id=form.cleaned_data["desk"],
            reason=form.cleaned_data["reason"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已对上柜台收款，没有重复入帐。"))
    return redirect("billing:unidentified_payment", unidentified_id=unidentified_id)


def _done(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    kind: str,
    payload: dict[str, Any],
    act: Any,
    reason: str,
    said: str,
) -> HttpResponse:
    """Do it, or from the limit on ask a second person for it."""
    at, staff_id = clock.now(), request.user.pk
    money: UnidentifiedPayment = context["money"]
    try:
        if unidentified.needs_approval(money.amount_fen) and money.state == "open":
            approvals.ask(
                kind=kind,
                payload=payload,
                asked_by_id=staff_id,  # type: ignore[arg-type]
                at=at,
                reason=reason,
            )
            said = _("金额较大，已提交另一位同事审批。")
        else:
            act(**payload, by_id=staff_id, at=at, reason=reason)
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    if (back := money.sent_back.filter(state="waiting").first()) is not None:
        send_now(request, back)
    else:
        messages.success(request, said)
    return redirect("billing:unidentified_payment", unidentified_id=money.pk)


def _context(
    request: HttpRequest,
    unidentified_id: int,
    *,
    identifying: IdentifyForm | None = None,
    returning: GiveBackForm | None = None,
    matching: MatchDeskForm | None = None,
) -> dict[str, Any]:
    rows = UnidentifiedPayment.objects.select_related(
        "line__file", "line__desk__account", "payment__account", "settled_by"
    )
    money = get_object_or_404(rows, pk=unidentified_id)
    text = request.GET.get("q", "")
    reached = reach.accounts_reached_by(request.user)
    is_open = money.state == UnidentifiedPayment.State.OPEN
    return {
        "money": money,
        "source": bank_rooms.source_of(money),
        "payer": bank_rooms.payer_shown(money.line.payer_name) if money.line else "",
        "q": text,
        "search": AccountSearchForm(request.GET or None),
        "candidates": _with_debts(candidates(money, reached, text=text)) if is_open else [],
        "identifying": identifying or IdentifyForm(),
        "returning": returning or GiveBackForm(),
        "matching": matching or MatchDeskForm(),
        "desks": desk_transfers.desk_transfers_like(money.line) if is_open and money.line else [],
        "sent_back": [] if money.line else list(money.sent_back.order_by("pk")),
        "may_handle": is_open and access.can(request.user, "bank.handle"),
        "may_see_accounts": access.can(request.user, "account.view"),
        "needs_two": unidentified.needs_approval(money.amount_fen),
        "crumbs": bank_rooms.crumbs(
            (_("不明来款"), reverse("billing:unidentified")), (money.reference, "")
        ),
    }


def _with_debts(found: list[tuple[Account, str]]) -> list[tuple[Account, str, int, str]]:
    owed = due_fen([account.pk for account, _why in found])
    return [
        (account, shown_name(account.owner), owed.get(account.pk, 0), _(why))
        for account, why in found
    ]
