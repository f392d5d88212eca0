"""A list that leaves the house: a short one at once, a long one after a second person's yes.

What was approved is the list with its filters and columns, and at most as many rows; it is run
again when it is fetched, so that no copy of it lies about (docs/adr). Every export is audited.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from bss.kernel import access, approvals, audit, clock
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.masking import masked_number
from bss.kernel.models import Approval
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.render import render_refused
from bss.kernel.sealing import blind_index
from bss.kernel.sentences import stored

if TYPE_CHECKING:
    from bss.kernel.pages.lists import ListPage

KIND = "list.export"
PERMISSION = "list.export"
FETCHED_WITHIN = timedelta(hours=24)
TEMPLATE = "parts/export_ask.html"
_NOT_FILTERS = ("export", "page", "sort")
_NUMBER = re.compile(r"\d{7,}")

Write = Callable[[], HttpResponse]


class ExportForm(SentenceForm):
    """Why so much of it is needed outside."""

    reason = forms.CharField(
        label=_("导出原因"),
        min_length=4,
        max_length=200,
        error_messages={"min_length": _("请用至少 4 个字写明原因。")},
        help_text=_("写明用途和使用人，审批人会看到。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Exactly which rows and columns leave; numbers typed as filters are masked.

    ``title`` is a message id or a ``Sentence``.
    """

    title: str
    path: str
    key: str
    way: str
    filters: Sequence[tuple[str, str]]
    columns: Sequence[str]
    rows: int

    def payload(self, *, staff_id: int) -> dict[str, Any]:
        return {
            "staff_id": staff_id,
            "title": stored(self.title),
            "key": self.key,
            "way": self.way,
            "filters": [list(pair) for pair in self.filters],
            "columns": list(self.columns),
            "rows": self.rows,
        }


def export(request: HttpRequest, page: "ListPage", *, title: Any, write: Write) -> HttpResponse:
    """The file, or the page that asks for it. Raises: PermissionDenied."""
    if not access.can(request.user, page.export_permission):
        raise PermissionDenied(page.export_permission)
    guard = import_string(settings.STEP_UP)
    wanted = _export_of(page, title=title)
    answer: HttpResponse = guard(lambda asking: _answer(asking, wanted, write=write))(request)
    return answer


def granted(staff_id: int, wanted: Export, *, at: datetime) -> Approval | None:
    """The approval under which this may be fetched now."""
    approved = Approval.objects.filter(
        kind=KIND,
        asked_by=staff_id,
        state=Approval.State.APPROVED,
        decided_at__gt=at - FETCHED_WITHIN,
        payload__key=wanted.key,
    )
    grant: Approval | None = approved.order_by("-payload__rows", "-id").first()
    return grant


def _answer(request: HttpRequest, wanted: Export, *, write: Write) -> HttpResponse:
    at = clock.now()
    staff: Any = request.user
    if wanted.rows <= settings.BULK_EXPORT_ROWS:
        return _fetched(wanted, write, staff_id=staff.pk, at=at)
    grant = granted(staff.pk, wanted, at=at)
    if grant is not None and wanted.rows <= grant.payload["rows"]:
        return _fetched(wanted, write, staff_id=staff.pk, at=at, grant=grant)
    context = {
        "wanted": wanted,
        "limit": settings.BULK_EXPORT_ROWS,
        "outgrown": grant,
        "pending": _pending(staff.pk, wanted),
    }
    if request.method != "POST":
        return render(request, TEMPLATE, {**context, "form": ExportForm()})
    form = ExportForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, {**context, "form": form})
    try:
        approvals.ask(
            kind=KIND,
            payload=wanted.payload(staff_id=staff.pk),
            asked_by_id=staff.pk,
            at=at,
            reason=form.cleaned_data["reason"],
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, {**context, "form": form}, refused=refused)
    return redirect(request.get_full_path())


def _fetched(
    wanted: Export,
    write: Write,
    *,
    staff_id: int,
    at: datetime,
    grant: Approval | None = None,
) -> HttpResponse:
    audit.record(
        action="list.export",
        subject=f"list:{wanted.path}"[:80],
        staff_id=staff_id,
        at=at,
        reason=grant.reason if grant else "",
        detail={
            "title": str(wanted.title),
            "filters": [list(pair) for pair in wanted.filters],
            "columns": list(wanted.columns),
            "rows": wanted.rows,
            "approval": grant.pk if grant else None,
        },
    )
    return write()


def _pending(staff_id: int, wanted: Export) -> Approval | None:
    asked = Approval.objects.filter(kind=KIND, asked_by=staff_id, state=Approval.State.ASKED)
    pending: Approval | None = asked.filter(payload__key=wanted.key).first()
    return pending


def _export_of(page: "ListPage", *, title: Any) -> Export:
    with translation.override(None):  # the same words whoever reads them
        words = title if isinstance(title, Sentence) else str(title)
        columns = [str(column.label) for column in page.columns if column.value]
        filters = [
            (str(field.label), _NUMBER.sub(lambda found: masked_number(found[0]), said))
            for field, said in _filled(page)
        ]
    asked = sorted(
        (name, value)
        for name, values in page.query.lists()
        for value in values
        if value and name not in _NOT_FILTERS
    )
    whole = page.url()
    return Export(
        title=words,
        path=page.path,
        key=blind_index(f"{page.path} {asked} {columns}"),
        way=page.path if _NUMBER.search(whole) else page.url(export="csv"),
        filters=filters,
        columns=columns,
        rows=page.count,
    )


def _filled(page: "ListPage") -> list[tuple[forms.BoundField, str]]:
    """The filters that are set, each with what was chosen or typed."""
    if page.form is None:
        return []
    found = []
    for field in page.form.visible_fields():
        value = page.query.get(field.html_name, "")
        if value:
            choices = dict(getattr(field.field, "choices", ()))
            found.append((field, str(choices.get(value, value))))
    return found
