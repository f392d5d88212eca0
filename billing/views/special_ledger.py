"""开立专用账本: its name, what it may pay, and what comes into it (ACC-1, ACC-2, ACC-5)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Account
from billing.queries.accounts import account_view
from billing.services import cash_desk, ledgers
from billing.views import reach
from billing.views.forms import SpecialLedgerForm
from billing.views.till import till_of
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError

TEMPLATE = "billing/ledger_new.html"


@requires("ledger.grant")
def open_ledger(request: HttpRequest, code: str) -> HttpResponse:
    """The form; posting it opens the ledger. A name is used once, so twice does one thing."""
    account = reach.account_or_404(request.user, code)
    paid = account_view(account.pk, at=clock.now()).subscriptions
    if request.method != "POST":
        form = SpecialLedgerForm(subscriptions=paid)
        return render(request, TEMPLATE, _context(account, form))
    form = SpecialLedgerForm(request.POST, subscriptions=paid)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(account, form))
    try:
        _open(account, form.cleaned_data, staff=request.user)
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, _context(account, form), refused=refused)
    messages.success(request, _("已开立专用账本“%(name)s”。") % {"name": form.cleaned_data["name"]})
    return redirect("billing:account", code=account.code)


def _open(account: Account, asked: dict[str, Any], *, staff: Any) -> None:
    wanted = {
        "account_id": account.pk,
        "name": asked["name"],
        "amount_fen": asked["amount"],
        "months": asked["months"],
        "expires_on": asked["expires_on"],
        "scope": ledgers.Scope(
            subscriptions=tuple(map(int, asked["subscriptions"])) or None,
            services=tuple(asked["services"]) or None,
            items=tuple(asked["items"]) or None,
        ),
        "at": clock.now(),
        "by_id": staff.pk,
    }
    if asked["money"] == "gift":
        ledgers.open_special(**wanted, gift=True, channel_id=till_of(staff))
        return
    means = asked["means"] or "cash"
    cash_desk.take_for_special(**wanted, means=means, reference=asked["reference"])


def _context(account: Account, form: SpecialLedgerForm) -> dict[str, Any]:
    return {
        "account": account,
        "form": form,
        "name": reach.account_name(account),
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (account.code, reverse("billing:account", args=[account.code])),
            (_("开立专用账本"), ""),
        ],
    }
