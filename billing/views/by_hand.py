"""What the pages of money moved by hand share: do it, or put it before a second person."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from billing.models import Account, Adjustment, Reason, Refund, Transfer
from billing.queries.promises import promises_of
from billing.queries.written_off import recovery_state, write_offs
from billing.views import reach
from bss.kernel import access, approvals, clock

ACTS = (
    ("refund.make", "billing:refund_new", "money", gettext_noop("退款")),
    ("transfer.make", "billing:transfer_new", "link", gettext_noop("余额转帐")),
    ("adjustment.make", "billing:adjust_account", "edit", gettext_noop("调帐")),
    ("promise.make", "billing:promise_new", "clock", gettext_noop("承诺缴费")),
    ("write_off.make", "billing:write_off_new", "stop", gettext_noop("坏帐核销")),
)
SHOWN = 5


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


def by_hand_of(staff: Any, account: Account) -> dict[str, Any]:
    """What the account's page offers to do by hand, and what was done lately."""
    return {
        "acts": [
            (reverse(url, args=[account.code]), icon, _(label))
            for permission, url, icon, label in ACTS
            if access.can(staff, permission)
        ],
        "promises": promises_of(account.pk)[:SHOWN],
        "may_promise": access.can(staff, "promise.make"),
        "done": sorted(_done(account), key=lambda row: row[0], reverse=True)[: 2 * SHOWN],
    }


def _done(account: Account) -> list[tuple[Any, ...]]:
    """(when, address, code, what, state's kind, state, fen)."""
    rows: list[tuple[Any, ...]] = []
    for refund in Refund.objects.filter(account=account)[:SHOWN]:
        rows.append(_row(refund, "billing:refund", _("退款"), "refund", refund.state))
    for moved in Transfer.objects.filter(Q(source=account) | Q(target=account))[:SHOWN]:
        word = _("转出") if moved.source_id == account.pk else _("转入")
        state = "reversed" if moved.reversed_at else "stands"
        rows.append(_row(moved, "billing:transfer", word, "transfer", state))
    for adjusted in Adjustment.objects.filter(account=account)[:SHOWN]:
        rows.append(_row(adjusted, "billing:adjustment", _("调帐"), "", ""))
    for given_up in write_offs().filter(account=account)[:SHOWN]:
        state = recovery_state(given_up)
        rows.append(_row(given_up, "billing:write_off", _("坏帐核销"), "write_off", state))
    return rows


def _row(row: Any, url: str, word: str, kind: str, state: str) -> tuple[Any, ...]:
    return row.at, reverse(url, args=[row.pk]), row.code, word, kind, state, row.amount_fen
