"""明细帐: one subject's entries of a month, and the journal that each stands in (ACC-6)."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Entry, Journal, Ledger
from billing.papers.ledger_words import ledger_name
from billing.queries.subject_entries import entries_of
from billing.queries.trial_balance import TrialRow, trial_balance
from billing.rules.chart import BY_CODE, SUBJECTS, Subject
from billing.views.forms import translated
from billing.views.subjects import side_of, title_of
from billing.views.trial_balance import MonthForm
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.units import yuan


class EntryFilterForm(MonthForm):
    """What a subject's entries are filtered by."""

    kind = forms.ChoiceField(label=gettext_lazy("事项"), required=False)
    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("凭据、帐户编号")}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("全部事项")),
            *translated(Journal.Kind.choices),
        ]


COLUMNS = (
    Column(
        name="at",
        label=gettext_lazy("时间"),
        order_by=("journal__at", "id"),
        value=lambda e: e.journal.at,
    ),
    Column(name="journal", label=gettext_lazy("凭证"), value=lambda e: e.journal_id),
    Column(
        name="kind",
        label=gettext_lazy("事项"),
        value=lambda e: _(e.journal.get_kind_display()),
    ),
    Column(name="ref", label=gettext_lazy("凭据"), value=lambda e: e.journal.ref),
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        value=lambda e: e.ledger.account.code if e.ledger.account else "",
    ),
    Column(
        name="debit",
        label=gettext_lazy("借方(元)"),
        order_by=("amount_fen",),
        value=lambda e: yuan(max(0, -e.amount_fen)),
        num=True,
    ),
    Column(
        name="credit",
        label=gettext_lazy("贷方(元)"),
        order_by=("amount_fen",),
        value=lambda e: yuan(max(0, e.amount_fen)),
        num=True,
    ),
)


@requires("books.view")
def subject_entries(request: HttpRequest, code: str) -> HttpResponse:
    """One subject's month: what it opened with, each entry, what it closed with."""
    subject = BY_CODE.get(code)
    if subject is None:
        raise Http404(f"no subject {code}")
    form, month = EntryFilterForm.asked(request)
    entries = _filtered(entries_of(subject, month=month), form)
    columns = [one for one in COLUMNS if one.name != "account" or subject.kind]
    page = ListPage(request, entries, columns=columns, sort="-at", form=form, per_page=50)
    if export := page.exported(f"{title_of(subject)} {month}"):
        return export
    row = next(
        (row for row in trial_balance(month) if row.subject == subject), TrialRow(subject=subject)
    )
    return render_part(
        request,
        "billing/subject_entries.html",
        "list",
        {
            "list": page,
            "rows": [
                (entry, max(0, -entry.amount_fen), max(0, entry.amount_fen)) for entry in page.rows
            ],
            "subject": subject,
            "title": title_of(subject),
            "side": side_of(subject),
            "month": month,
            "row": row,
            "crumbs": [
                (_("总帐"), f"{reverse('billing:books')}?month={month}"),
                (f"{subject.code} {title_of(subject)}", ""),
            ],
        },
    )


@requires("books.view")
def journal_page(request: HttpRequest, journal_id: int) -> HttpResponse:
    """记帐凭证: one journal whole, both sides."""
    journal = get_object_or_404(
        Journal.objects.select_related("by", "reverses", "reversed_by"), pk=journal_id
    )
    entries = journal.entries.select_related("ledger__account", "bill_line__bill").order_by("id")
    legs = [_leg(entry) for entry in entries]
    legs.sort(key=lambda leg: (not leg["debit_fen"], leg["code"]))
    return render(
        request,
        "billing/journal.html",
        {
            "journal": journal,
            "legs": legs,
            "debit_fen": sum(leg["debit_fen"] for leg in legs),
            "credit_fen": sum(leg["credit_fen"] for leg in legs),
            "crumbs": [
                (_("总帐"), reverse("billing:books")),
                (_("凭证 %(number)s") % {"number": journal.pk}, ""),
            ],
        },
    )


def _filtered(entries: QuerySet[Entry], form: forms.Form) -> QuerySet[Entry]:
    asked = form.cleaned_data if form.is_valid() else {}
    if asked.get("kind"):
        entries = entries.filter(journal__kind=asked["kind"])
    if text := (asked.get("q") or "").strip():
        entries = entries.filter(
            Q(journal__ref__icontains=text) | Q(ledger__account__code__iexact=text)
        )
    return entries


def _leg(entry: Entry) -> dict[str, Any]:
    """One side of the journal; a customer's ledger leads to its statement."""
    subject = _subject_of(entry)
    ledger = entry.ledger
    return {
        "entry": entry,
        "code": subject.code if subject else "",
        "title": title_of(subject) if subject else ledger.name,
        "account": ledger.account,
        "ledger": ledger,
        "ledger_name": ledger_name(ledger),
        "debit_fen": max(0, -entry.amount_fen),
        "credit_fen": max(0, entry.amount_fen),
    }


def _subject_of(entry: Entry) -> Subject | None:
    ledger = entry.ledger
    for subject in SUBJECTS:
        if ledger.kind == Ledger.Kind.HOUSE and subject.ledger == ledger.name:
            return subject
        if (subject.kind, subject.money) == (ledger.kind, entry.money):
            return subject
    return None
