"""Acts on many customers: each is asked for here and done after a second person's yes."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bss.kernel import approvals, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Staff
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.render import render_refused
from customers.approval_kinds import BLACK_LIST, REASSIGN, UNMASK
from customers.forms import CustomerFilterForm
from customers.models import Customer
from customers.queries.scope import visible_customers
from customers.queries.selection import count_by_manager, filtered
from customers.rules.blacklist_lines import LINES_AT_MOST, read_lines
from customers.views.many_forms import BlackListForm, FromManagerForm, ReassignForm, UnmaskForm

UNMASKED_AT_MOST = 200
CHANGED_AT_MOST = 5000
FAULTS_SHOWN = 20

NONE_CHOSEN = "没有符合条件的客户，请先在客户清单中筛选。"
TOO_MANY = "一次最多 %(most)s 位客户，现在是 %(n)s 位；请缩小范围。"
NOT_FOUND = "第 %(number)s 行：没有编号为 %(code)s 的客户，或不在您的范围内。"
FAULTY = "第 %(number)s 行：%(why)s。"


@requires("customer.reveal")
def ask_unmask(request: HttpRequest) -> HttpResponse:
    """The customers of the list in clear: ask for it."""
    chosen = ids_of(chosen_by(request))
    form = UnmaskForm(request.POST or None)
    context = context_of(_("查看未脱敏资料"), form=form, count=len(chosen))
    return asked_of(
        request,
        "customers/ask_unmask.html",
        context,
        kind=UNMASK,
        payload={"customer_ids": chosen},
        faults=size_faults(len(chosen), most=UNMASKED_AT_MOST),
    )


@requires("customer.register")
def ask_reassign(request: HttpRequest) -> HttpResponse:
    """The customers of the list, or all of one account manager, to another: ask for it."""
    managers = _managers()
    whose = FromManagerForm(request.GET, managers=managers)
    before = whose.cleaned_data["account_manager"] if whose.is_valid() else None
    chosen = ids_of(chosen_by(request, account_manager=before))
    form = ReassignForm(request.POST or None, managers=managers)
    to = form.cleaned_data["to"] if form.is_bound and form.is_valid() else None  # a key, or None
    context = context_of(_("批量改派客户经理"), form=form, count=len(chosen)) | {
        "whose": whose,
        "hidden": [(n, v) for n, v in request.GET.items() if n != "account_manager" and v],
        "held": count_by_manager(chosen) if len(chosen) <= CHANGED_AT_MOST else [],
    }
    return asked_of(
        request,
        "customers/ask_reassign.html",
        context,
        kind=REASSIGN,
        payload={"customer_ids": chosen, "to": to},
        faults=size_faults(len(chosen), most=CHANGED_AT_MOST),
    )


@requires("customer.register")
def ask_black_list(request: HttpRequest) -> HttpResponse:
    """Customers onto the black list, each with its reason: ask for it."""
    form = BlackListForm(request.POST or None)
    reasons: dict[str, str] = {}
    faults: Sequence[tuple[str, str]] = ()
    if form.is_bound and form.is_valid():
        reasons, faults = _black_list(request, form.cleaned_data["lines"])
    return asked_of(
        request,
        "customers/ask_black_list.html",
        context_of(_("批量列入黑名单"), form=form, count=len(reasons)),
        kind=BLACK_LIST,
        payload={"reasons": reasons},
        faults=faults,
    )


def asked_of(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    kind: str,
    payload: dict[str, Any],
    faults: Sequence[tuple[str, str]],
) -> HttpResponse:
    """The page; or what was asked, or why it cannot be."""
    form: SentenceForm = context["form"]
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render_refused(request, template, context)
    try:
        if faults:
            raise BadInputError(*faults[:FAULTS_SHOWN])
        approval = approvals.ask(
            kind=kind,
            payload=payload,
            asked_by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
            reason=form.cleaned_data["reason"],
        )
    except BadInputError as refused:
        return render_refused(request, template, context, refused=refused)
    return redirect("oversight:approval", pk=approval.pk)


def chosen_by(request: HttpRequest, **more: Any) -> QuerySet[Customer]:
    form = CustomerFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    return filtered(request.user, {**asked, **more})


def ids_of(customers: QuerySet[Customer]) -> list[int]:
    """One more than can be asked for is enough to say so."""
    keys = customers.order_by("pk").values_list("pk", flat=True)
    return list(keys[: CHANGED_AT_MOST + 1])


def size_faults(count: int, *, most: int) -> Sequence[tuple[str, str]]:
    if not count:
        return (("", NONE_CHOSEN),)
    if count > most:
        return (("", Sentence(TOO_MANY, most=most, n=count)),)
    return ()


def _black_list(
    request: HttpRequest, text: str
) -> tuple[dict[str, str], Sequence[tuple[str, str]]]:
    """Customer key → reason, and every line that cannot be used."""
    good, bad = read_lines(text)
    faults = [("lines", Sentence(FAULTY, number=one.number, why=Sentence(one.why))) for one in bad]
    known = dict(
        visible_customers(request.user)
        .filter(code__in=[line.code for line in good])
        .values_list("code", "pk")
    )
    faults += [
        ("lines", Sentence(NOT_FOUND, number=line.number, code=line.code))
        for line in good
        if line.code not in known
    ]
    if len(good) > LINES_AT_MOST or not good:
        faults += size_faults(len(good), most=LINES_AT_MOST)  # type: ignore[arg-type]
    return {str(known[x.code]): x.reason for x in good if x.code in known}, faults


def _managers() -> QuerySet[Staff]:
    may = Staff.objects.filter(is_active=True, roles__code="account_manager")
    return may.distinct().order_by("username")


def context_of(title: str, *, form: Any, count: int) -> dict[str, Any]:
    return {
        "title": title,
        "form": form,
        "count": count,
        "crumbs": [(_("客户"), reverse("customers:list")), (title, "")],
    }
