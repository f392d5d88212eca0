"""One pair side by side: merge them, with a second person's yes, or say that they differ."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bss.kernel import approvals, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from customers.merge_kinds import MERGE
from customers.models import Customer, DuplicatePair
from customers.queries.completeness import with_completeness
from customers.queries.pairs import pairs_for
from customers.queries.shown_names import shown_name
from customers.services.duplicates import say_different
from customers.services.merging import obstacles_of, parts
from customers.views.duplicate_forms import DifferentForm, MergeForm
from customers.views.duplicate_list import reasons_of
from customers.views.known import known_record, masked_record

TEMPLATE = "customers/duplicate_pair.html"


@requires("customer.merge")
def duplicate_pair(request: HttpRequest, pk: int) -> HttpResponse:
    """The pair; posting asks a second person to merge it."""
    pair = get_object_or_404(pairs_for(request.user), pk=pk)
    if request.method != "POST":
        initial = {"survivor": pair.first_id}
        return render(request, TEMPLATE, _context(pair, form=MergeForm(pair=pair, initial=initial)))
    form = MergeForm(request.POST, pair=pair)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(pair, form=form))
    survivor_id = form.cleaned_data["survivor"]
    merged_id = pair.second_id if survivor_id == pair.first_id else pair.first_id
    at = clock.now()
    try:
        if obstacles := obstacles_of(pair.first, pair.second, at=at):
            raise BadInputError(*(("", sentence) for sentence in obstacles))
        approval = approvals.ask(
            kind=MERGE,
            payload={"survivor_id": survivor_id, "merged_id": merged_id},
            asked_by_id=request.user.pk,  # type: ignore[arg-type]
            at=at,
            reason=form.cleaned_data["reason"],
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, _context(pair, form=form), refused=refused)
    return redirect("oversight:approval", pk=approval.pk)


@require_POST
@requires("customer.merge")
def different(request: HttpRequest, pk: int) -> HttpResponse:
    """They are two customers; remembered."""
    pair = get_object_or_404(pairs_for(request.user), pk=pk)
    form = DifferentForm(request.POST)
    context = _context(pair, form=MergeForm(pair=pair), different=form)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        say_different(
            pair_id=pair.pk,
            note=form.cleaned_data["note"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已记下：不是同一客户，以后不再提示。"))
    return redirect("customers:duplicates")


def _context(
    pair: DuplicatePair, *, form: MergeForm, different: DifferentForm | None = None
) -> dict[str, Any]:
    both = _scored(pair)
    return {
        "pair": pair,
        "reasons": reasons_of(pair),
        "names": [shown_name(one) for one in both],
        "both": both,
        "facts": _facts(both),
        "parts": [
            (part.title, part.count(pair.first_id), part.count(pair.second_id)) for part in parts()
        ],
        "obstacles": obstacles_of(pair.first, pair.second, at=clock.now()) if _open(pair) else [],
        "open": _open(pair),
        "form": form,
        "different": different or DifferentForm(),
        "crumbs": [(_("重复客户"), reverse("customers:duplicates")), (_("核对"), "")],
    }


def _open(pair: DuplicatePair) -> bool:
    return pair.state == DuplicatePair.State.OPEN


def _scored(pair: DuplicatePair) -> list[Any]:
    found = with_completeness(Customer.objects.all()).select_related(
        "account_manager", "organisation"
    )
    rows = found.in_bulk([pair.first_id, pair.second_id])
    return [rows[pair.first_id], rows[pair.second_id]]


def _facts(both: list[Any]) -> list[tuple[str, str, str, bool]]:
    """(label, of the one, of the other, whether they agree), personal data masked."""
    records = [known_record(one) for one in both]
    masked = [masked_record(record) for record in records]
    return [
        (_("客户名称"), *(shown_name(one) for one in both), both[0].name == both[1].name),
        *(
            (_(label), masked[0][field], masked[1][field], _same(records, field))
            for field, label in (
                ("document_number", "证件号码"),
                ("document_address", "证件地址"),
                ("contact_name", "联系人"),
                ("contact_phone", "联系电话"),
                ("postal_address", "通信地址"),
            )
        ),
        *(
            (_(label), *(str(value(one) or "") for one in both), value(both[0]) == value(both[1]))
            for label, value in (
                ("名单", lambda one: _(one.get_listed_display())),
                ("客户经理", lambda one: one.account_manager),
                ("所属机构", lambda one: one.organisation),
            )
        ),
    ]


def _same(records: list[Any], field: str) -> bool:
    return bool(getattr(records[0], field) == getattr(records[1], field))
