"""A2 审计: who did what to whom, when, from where and why; and whether all of it is still there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.models import AuditEntry
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.oversight.queries.audit_entry import changes_of, is_whole, link_of, rest_of
from bss.oversight.queries.audit_trail import COUNTED_AT_MOST, chain_state, codes_of, trail
from bss.oversight.rules.audit_words import parts_of
from bss.oversight.views.audit_forms import AuditFilterForm


def action_of(entry: AuditEntry) -> str:
    """What was done, in words."""
    return " · ".join(_(word) for word in parts_of(entry.action) if word)


COLUMNS = (
    Column(name="at", label=gettext_lazy("时间"), order_by=("id",), value=lambda e: e.at),
    Column(name="staff", label=gettext_lazy("工号"), value=lambda e: e.staff and e.staff.username),
    Column(name="action", label=gettext_lazy("操作"), value=lambda e: e.action),
    Column(name="subject", label=gettext_lazy("对象"), value=lambda e: e.subject),
    Column(name="reason", label=gettext_lazy("原因"), value=lambda e: e.reason),
    Column(
        name="place",
        label=gettext_lazy("来源"),
        value=lambda e: " ".join(filter(None, [e.source, e.interface, e.address, e.session])),
    ),
)


@requires("audit.view")
def audit_list(request: HttpRequest) -> HttpResponse:
    """The newest first; at most so many are counted."""
    form = AuditFilterForm(request.GET)
    found = trail(form.cleaned_data if form.is_valid() else {})
    page = ListPage(
        request,
        found,
        columns=COLUMNS,
        sort="-at",
        form=form,
        export_permission="audit.export",
    )
    if export := page.exported(gettext_lazy("审计")):
        return export
    codes = codes_of({entry.customer_id for entry in page.rows if entry.customer_id})
    context = {
        "list": page,
        "rows": [(entry, action_of(entry), codes.get(entry.customer_id)) for entry in page.rows],
        "bounded": page.count >= COUNTED_AT_MOST,
        "chain": chain_state(),
        "sees_customers": access.can(request.user, "customer.view"),
    }
    return render_part(request, "oversight/audit_list.html", "list", context)


@requires("audit.view")
def audit_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: before and after, and its place in the chain, verified as it is shown."""
    entry = get_object_or_404(AuditEntry.objects.select_related("staff__organisation"), pk=pk)
    link = link_of(entry)
    context: dict[str, Any] = {
        "entry": entry,
        "title": action_of(entry),
        "code": codes_of({entry.customer_id} if entry.customer_id else set()).get(
            entry.customer_id or 0
        ),
        "sees_customers": access.can(request.user, "customer.view"),
        "changes": changes_of(entry),
        "rest": rest_of(entry),
        "link": link,
        "hash": bytes(link.hash).hex() if link else "",
        "whole": is_whole(entry, link),
        "crumbs": [(_("审计"), reverse("oversight:audit")), (f"#{entry.pk}", "")],
    }
    return render(request, "oversight/audit_entry.html", context)
