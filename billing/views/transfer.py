"""余额转帐: from one account's public ledger to another's, and back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Account, Transfer
from billing.money_kinds import TRANSFER
from billing.queries.refundable import refundable
from billing.services import transfers
from billing.services.refunds import hold_free
from billing.views import reach
from billing.views.by_hand import account_facts, put_before_another
from billing.views.by_hand_forms import TransferForm, limit_words
from billing.views.invoice_split import form_key
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

FORM, PAGE = "billing/transfer_new.html", "billing/transfer.html"


@requires("transfer.make")
def transfer_new(request: HttpRequest, code: str) -> HttpResponse:
    """The form; to another customer, or from the limit on, a second person decides."""
    account = reach.account_or_404(request.user, code)
    form = TransferForm(request.POST or None)
    form.fields["amount"].help_text = limit_words("transfer", request.user.pk)  # type: ignore[arg-type]
    context = {
        **account_facts(account, _("余额转帐")),
        "form": form,
        "found": refundable(account, at=clock.now()),
        "own": Account.objects.filter(owner=account.owner_id).exclude(pk=account.pk)[:12],
    }
    if request.method != "POST":
        return render(request, FORM, context)
    if not form.is_valid():
        return render_refused(request, FORM, context)
    try:
        return _move(request, account, form.cleaned_data)
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, FORM, context, refused=refused)


def _move(request: HttpRequest, account: Account, asked: dict[str, Any]) -> HttpResponse:
    at, staff_id = clock.now(), int(request.user.pk)  # type: ignore[arg-type]
    reached = reach.accounts_reached_by(request.user)
    target = reached.filter(code=asked["target"].strip().upper()).first()
    if target is None or target.pk == account.pk:
        raise BadInputError(("target", _("没有这个转入帐户，请核对帐户编号。")))
    wanted = {
        "source_id": account.pk,
        "target_id": target.pk,
        "amount_fen": asked["amount"],
        "reason_id": asked["reason"].pk,
        "remark": asked["remark"],
    }
    hold_free(refundable(account, at=at), rule="PAY-5", amount_fen=asked["amount"])
    if transfers.takes_two(account, target, amount_fen=asked["amount"], by_id=staff_id):
        return put_before_another(
            request, kind=TRANSFER, payload=wanted, reason=asked["reason"], remark=asked["remark"]
        )
    made = transfers.transfer(**wanted, key=form_key(request), at=at, by_id=staff_id)
    messages.success(request, _("已转帐 %(amount)s 元。") % {"amount": yuan(made.amount_fen)})
    return redirect("billing:transfer", transfer_id=made.pk)


@requires("account.view")
def transfer_page(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """From where, to where, and whether it stands."""
    return render(request, PAGE, _context(request, transfer_or_404(request.user, transfer_id)))


@require_POST
@requires("transfer.make")
def reverse_transfer(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Take it back; why it cannot be is said on its page."""
    made = transfer_or_404(request.user, transfer_id)
    try:
        transfers.reverse_transfer(
            transfer_id=made.pk,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except RefusedError as refused:
        return render_refused(request, PAGE, _context(request, made), refused=refused)
    messages.success(request, _("已撤销转帐 %(amount)s 元。") % {"amount": yuan(made.amount_fen)})
    return redirect("billing:transfer", transfer_id=made.pk)


def transfer_or_404(staff: Any, transfer_id: int) -> Transfer:
    """Raises: Http404 when there is none, or the giving account is outside of their reach."""
    rows = Transfer.objects.filter(in_scope(staff, customer="source__owner__"))
    return get_object_or_404(
        rows.select_related(
            "source__owner", "target__owner", "reason", "by", "approval__decided_by"
        ),
        pk=transfer_id,
    )


def _context(request: HttpRequest, made: Transfer) -> dict[str, Any]:
    return {
        "transfer": made,
        "source": made.source,
        "source_name": reach.account_name(made.source),
        "target_name": reach.account_name(made.target),
        "may_reverse": made.reversed_at is None and access.can(request.user, "transfer.make"),
        "crumbs": [(_("余额转帐"), reverse("billing:transfers")), (made.code, "")],
    }
