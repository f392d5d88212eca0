"""What the pages of money moved by hand share: do it, or put it before a second person."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Account, Reason
from billing.views import reach
from bss.kernel import approvals, clock


def put_before_another(
    request: HttpRequest, *, kind: str, payload: dict[str, Any], reason: Reason, remark: str
) -> HttpResponse:
    """Ask for it, and go where the answer will stand. Raises: BadInputError."""
    approval = approvals.ask(
        kind=kind,
        payload=payload,
        asked_by_id=request.user.pk,  # type: ignore[arg-type]
        at=clock.now(),
        reason=f"{reason.words}：{remark.strip()}" if remark.strip() else reason.words,
    )
    messages.success(request, _("已提交审批，批准后即办理。"))
    return redirect("oversight:approval", pk=approval.pk)


def account_facts(account: Account, title: str) -> dict[str, Any]:
    """The account, its name and the way back, for every form that begins at an account."""
    return {
        "account": account,
        "name": reach.account_name(account),
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (account.code, reverse("billing:account", args=[account.code])),
            (title, ""),
        ],
    }
