"""An account's mandate 托收/代扣协议: signed, ended, and what it was before."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Account, BankMandate
from billing.rules.banks import BANKS, bank_name, virtual_number
from billing.services import mandates
from billing.views import bank_rooms, reach
from billing.views.bank_forms import MandateForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.paper import hand_out
from bss.kernel.pages.render import render_refused
from bss.kernel.pages.said import said
from bss.kernel.periods import business_date
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_scope
from customers.models import Customer

TEMPLATE = "billing/mandate.html"


@requires("mandate.sign")
def mandate_page(request: HttpRequest, code: str) -> HttpResponse:
    """The mandate in force, or the form to sign one; the numbers to pay to, and the past."""
    account = reach.account_or_404(request.user, code)
    company = account.owner.kind != Customer.Kind.INDIVIDUAL  # a person's name is not shown
    form = MandateForm(
        request.POST or None,
        today=clock.today(),
        initial={"holder": account.owner.name if company else ""},
    )
    if request.method != "POST":
        return render(request, TEMPLATE, _context(account, form))
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(account, form))
    asked = form.cleaned_data
    try:
        mandate = mandates.sign(
            account_id=account.pk,
            bank=asked["bank"],
            number=asked["number"],
            holder=asked["holder"],
            limit_fen=asked["limit"],
            valid_from=asked["valid_from"],
            valid_until=asked["valid_until"],
            at=clock.now(),
            by_id=request.user.pk,
        )
    except RefusedError as refused:
        return render_refused(request, TEMPLATE, _context(account, form), refused=refused)
    except BadInputError as bad:
        for place, sentence in bad.faults:
            form.add_error(place, said(sentence))
        return render_refused(request, TEMPLATE, _context(account, form))
    messages.success(request, _("已签订协议 %(code)s。") % {"code": mandate.code})
    return redirect("billing:mandate", code=account.code)


@require_POST
@requires("mandate.sign")
def end_mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """End it today; what is at the bank already may still be drawn."""
    mandate = _mandate_or_404(request.user, mandate_id)
    mandates.end(mandate_id=mandate.pk, at=clock.now(), by_id=request.user.pk)
    messages.success(request, _("协议 %(code)s 已终止。") % {"code": mandate.code})
    return redirect("billing:mandate", code=mandate.account.code)


@requires("mandate.sign")
def mandate_pdf(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """The agreement to be signed and sealed, with the number in clear: it is the customer's own."""
    mandate = _mandate_or_404(request.user, mandate_id)
    account = mandate.account
    context = {
        "mandate": mandate,
        "account": account,
        "bank": bank_name(mandate.bank),
        "kind": bank_rooms.kind_of_mandate(account),
        "signed_on": business_date(mandate.signed_at),
    }
    return hand_out(
        request,
        "papers/mandate.html",
        context,
        file_name=f"{mandate.code}.pdf",
        customer_ids=[account.owner_id],
        at=clock.now(),
        detail={"mandate": mandate.code},
        in_place=True,
        language="zh-hans",
    )


def _mandate_or_404(staff: Any, mandate_id: int) -> BankMandate:
    reached = BankMandate.objects.filter(in_scope(staff, customer="account__owner__"))
    mandate = get_object_or_404(
        reached.select_related("account__owner", "signed_by"), pk=mandate_id
    )
    if not mandate.number:  # the customer was erased
        raise Http404(f"mandate {mandate_id} holds nothing any more")
    return mandate


def _context(account: Account, form: MandateForm) -> dict[str, Any]:
    rows = account.mandates.select_related("account__owner", "signed_by", "ended_by")
    found = list(rows.order_by("-pk"))
    return {
        "account": account,
        "name": reach.account_name(account),
        "kind": bank_rooms.kind_of_mandate(account),
        "form": form,
        "current": next(
            ((one, bank_rooms.bank_of(one)) for one in found if one.ended_at is None), None
        ),
        "past": [(one, bank_rooms.bank_of(one)) for one in found if one.ended_at is not None],
        "collecting": [(_(bank.name), virtual_number(bank, account.pk)) for bank in BANKS.values()],
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (account.code, reverse("billing:account", args=[account.code])),
            (_("托收协议"), ""),
        ],
    }
