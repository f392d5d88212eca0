"""调帐: a billed line, or an account, is corrected on the next bill, by two persons (BIL-7)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.debt_kinds import ADJUSTMENT
from billing.models import Account, Adjustment, BillLine, PayRelation
from billing.papers.bill_facts import title_of
from billing.rules.adjusting import credit_left
from billing.services.adjustments import corrected_fen, correction_of
from billing.services.by_hand import needs_second
from billing.views import reach
from billing.views.by_hand import account_facts, put_before_another
from billing.views.by_hand_forms import AdjustmentForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.masking import masked_number
from bss.kernel.pages.paper import hand_out
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_scope

FORM = "billing/adjustment_new.html"


@requires("adjustment.make")
def adjust_account(request: HttpRequest, code: str) -> HttpResponse:
    """A correction that no line is the cause of: on one of the account's numbers."""
    account = reach.account_or_404(request.user, code)
    form = AdjustmentForm(request.POST or None, subscriptions=_subscriptions(account))
    return _page(request, account, form, line=None)


@requires("adjustment.make")
def adjust_line(request: HttpRequest, bill_id: int, line_id: int) -> HttpResponse:
    """A correction of one line of an issued bill."""
    bill = reach.bill_or_404(request.user, bill_id)
    lines = BillLine.objects.filter(bill=bill, amount_fen__gt=0, subscription__isnull=False)
    line = get_object_or_404(lines.select_related("bill", "subscription"), pk=line_id)
    form = AdjustmentForm(request.POST or None, subscriptions=None)
    account = reach.account_or_404(request.user, bill.account.code)
    return _page(request, account, form, line=line)


def _page(
    request: HttpRequest, account: Account, form: AdjustmentForm, *, line: BillLine | None
) -> HttpResponse:
    context = {
        **account_facts(account, _("调帐")),
        "form": form,
        "line": line,
        "bill_title": title_of(line.bill) if line else "",
        "left_fen": credit_left(line.amount_fen, corrected_fen(line.pk)) if line else None,
        "earlier": line.adjustments.select_related("reason") if line else (),
    }
    if request.method != "POST":
        return render(request, FORM, context)
    if not form.is_valid():
        return render_refused(request, FORM, context)
    try:
        return _ask(request, account, form, line=line)
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, FORM, context, refused=refused)


def _ask(
    request: HttpRequest, account: Account, form: AdjustmentForm, *, line: BillLine | None
) -> HttpResponse:
    asked, at = form.cleaned_data, clock.now()
    of: dict[str, Any] = {
        "amount_fen": form.amount_fen,
        "bill_line_id": line.pk if line else None,
        "subscription_id": None if line else int(asked["subscription"]),
    }
    needs_second("adjustment", rule="BIL-7", by_id=request.user.pk, amount_fen=abs(form.amount_fen))
    correction_of(account, **of, at=at)
    payload = {
        "account_id": account.pk,
        **of,
        "reason_id": asked["reason"].pk,
        "remark": asked["remark"],
        "asked_at": at.isoformat(),
    }
    return put_before_another(
        request, kind=ADJUSTMENT, payload=payload, reason=asked["reason"], remark=asked["remark"]
    )


@requires("account.view")
def adjustment_page(request: HttpRequest, adjustment_id: int) -> HttpResponse:
    """What was corrected, by whom, and on which bill it stands."""
    made = adjustment_or_404(request.user, adjustment_id)
    return render(
        request,
        "billing/adjustment.html",
        {
            **_facts(made),
            "may_see_rerating": access.can(request.user, "month.view"),
            "crumbs": [(_("调帐"), reverse("billing:adjustments")), (made.code, "")],
        },
    )


@requires("account.view")
def adjustment_pdf(request: HttpRequest, adjustment_id: int) -> HttpResponse:
    """The note for the customer."""
    made = adjustment_or_404(request.user, adjustment_id)
    return hand_out(
        request,
        "papers/adjustment.html",
        _facts(made),
        file_name=f"adjustment-{made.code}.pdf",
        customer_ids=[made.account.owner_id],
        at=clock.now(),
        detail={"adjustment": made.pk},
        back=reverse("billing:adjustment", args=[adjustment_id]),
        marked=False,
    )


def adjustment_or_404(staff: Any, adjustment_id: int) -> Adjustment:
    """Raises: Http404 when there is none, or it is outside of the person's reach."""
    rows = Adjustment.objects.filter(in_scope(staff, customer="account__owner__"))
    return get_object_or_404(
        rows.select_related(
            "account__owner",
            "reason",
            "by",
            "approval__decided_by",
            "subscription",
            "bill_line__bill",
            "rerated__rerating",
        ),
        pk=adjustment_id,
    )


def _facts(made: Adjustment) -> dict[str, Any]:
    line = made.bill_line
    billed = BillLine.objects.filter(
        bill__account=made.account,
        bill__month=made.month,
        subscription=made.subscription,
        item=BillLine.Item.ADJUSTMENT,
    )
    return {
        "adjustment": made,
        "size_fen": abs(made.amount_fen),
        "size_tax_fen": abs(made.tax_fen),
        "account": made.account,
        "name": reach.account_name(made.account),
        "number": masked_number(made.subscription.number),
        "line": line,
        "line_title": title_of(line.bill) if line else "",
        "rerated": getattr(made, "rerated", None),
        "charges": list(made.charges.order_by("tax_percent")),
        "billed": billed.first(),
    }


def _subscriptions(account: Account) -> list[tuple[str, str]]:
    """Whom the account pays, or has paid; those it pays now first."""
    relations = PayRelation.objects.filter(account=account).select_related("subscription")
    rows = relations.order_by("-valid_until", "subscription_id")
    found = {
        str(row.subscription_id): (
            f"{masked_number(row.subscription.number)} {_(row.subscription.get_service_display())}"
        )
        for row in rows
    }
    return list(found.items())
