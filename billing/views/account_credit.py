"""帐户的信控: the limit as a meter, what was told when, what was stopped, and where to tell."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.credit_kinds import LIMIT
from billing.models import Account, CreditLimit, DebtStop, Language, NoticeAddress, Reminder
from billing.queries.exposure import exposure_of
from billing.queries.message_texts import masked_recipient
from billing.queries.promises import held_until
from billing.services import credit_limits, notice_addresses
from billing.views import reach
from billing.views.credit_forms import LimitForm, NoticeAddressForm
from bss.kernel import access, approvals, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import business_date

TEMPLATE = "billing/account_credit.html"
SHOWN_AT_MOST = 40


@requires("credit.view")
def account_credit(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that credit control knows of the account."""
    account = reach.account_or_404(request.user, code)
    return render(request, TEMPLATE, _context(request, account))


@require_POST
@requires("credit.limit")
def ask_limit(request: HttpRequest, code: str) -> HttpResponse:
    """Put another limit before a second person."""
    account = reach.account_or_404(request.user, code)
    form = LimitForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, account, limit_form=form))
    wanted = None if form.cleaned_data["to_class"] else form.cleaned_data["limit"]
    try:
        if wanted is not None:
            credit_limits.check(wanted)
        approval = approvals.ask(
            kind=LIMIT,
            payload={"account_id": account.pk, "limit_fen": wanted},
            asked_by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
            reason=form.cleaned_data["reason"],
        )
    except BadInputError as refused:
        context = _context(request, account, limit_form=form)
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已提交审批，批准后生效。"))
    return redirect("oversight:approval", pk=approval.pk)


@require_POST
@requires("credit.handle")
def set_notice_address(request: HttpRequest, code: str) -> HttpResponse:
    """Where and in which language the account is told from now on."""
    account = reach.account_or_404(request.user, code)
    form = NoticeAddressForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, account, notice_form=form))
    try:
        notice_addresses.set_address(
            account_id=account.pk,
            **form.cleaned_data,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        context = _context(request, account, notice_form=form)
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已登记通知方式。"))
    return redirect("billing:account_credit", code=account.code)


def _context(
    request: HttpRequest,
    account: Account,
    *,
    limit_form: LimitForm | None = None,
    notice_form: NoticeAddressForm | None = None,
) -> dict[str, Any]:
    at = clock.now()
    address = NoticeAddress.objects.filter(account=account).first()
    told = Reminder.objects.filter(account=account).select_related("step")
    return {
        "account": account,
        "name": reach.account_name(account),
        "exposure": exposure_of(account.pk, at=at),
        "limits": CreditLimit.objects.filter(account=account).select_related(
            "asked_by", "approved_by"
        )[:SHOWN_AT_MOST],
        "reminders": told.prefetch_related("messages").order_by("-at", "-id")[:SHOWN_AT_MOST],
        "stops": DebtStop.objects.filter(account=account)
        .select_related("subscription")
        .order_by("-stopped_at", "-id")[:SHOWN_AT_MOST],
        "promised_until": held_until([account.pk], on=business_date(at)).get(account.pk),
        "mobile": masked_recipient(address.mobile) if address and address.mobile else "",
        "email": masked_recipient(address.email) if address and address.email else "",
        "notice_language": _(address.get_language_display())
        if address
        else _(Language.CHINESE.label),
        "limit_form": limit_form or LimitForm(),
        "notice_form": notice_form
        or NoticeAddressForm(initial={"language": address.language if address else None}),
        "may_limit": access.can(request.user, "credit.limit"),
        "may_handle": access.can(request.user, "credit.handle"),
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (account.code, reverse("billing:account", args=[account.code])),
            (_("信控"), ""),
        ],
    }
