"""错单: by cause, each with its original line; the way to judge what is shown again (RAT-15)."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.rejects import open_among, open_causes, rejects_found
from billing.views import month_rooms
from billing.views.reject_words import MENDING
from billing.views.usage_forms import RejectFilterForm
from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage, Way
from bss.kernel.pages.render import render_part
from bss.kernel.redaction import redacted

COLUMNS = (
    Column(
        name="file",
        label=gettext_lazy("文件与行号"),
        order_by=("file_id", "line_no"),
        value=lambda reject: f"{reject.file}:{reject.line_no}",
    ),
    Column(
        name="reason",
        label=gettext_lazy("原因"),
        order_by=("reason", "id"),
        value=lambda reject: _(reject.get_reason_display()),
    ),
    Column(
        name="record",
        label=gettext_lazy("话单号"),
        order_by=("record_id",),
        value=lambda reject: reject.record_id,
    ),
    Column(name="line", label=gettext_lazy("原始记录"), value=lambda reject: redacted(reject.line)),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda reject: _(reject.get_state_display()),
    ),
)


@requires("month.view")
def reject_list(request: HttpRequest) -> HttpResponse:
    """The rejects, the latest file first."""
    form = RejectFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rejects = rejects_found(asked)
    waiting = open_among(rejects).count()
    may_mend = access.can(request.user, "usage.load")
    page = ListPage(
        request,
        rejects,
        columns=COLUMNS,
        sort="-file",
        form=form,
        ways=[_way_to_retry(request, waiting)] if may_mend and waiting else (),
    )
    if export := page.exported(gettext_lazy("错单")):
        return export
    return render_part(
        request,
        "billing/rejects.html",
        "list",
        {
            "list": page,
            "causes": [
                (
                    reason,
                    label,
                    count,
                    MENDING.get(reason, ""),
                    page.url(reason=reason, state="open", page=None),
                )
                for reason, label, count in open_causes()
            ],
            "may_mend": may_mend,
            "tabs": month_rooms.tabs(),
        },
    )


def _way_to_retry(request: HttpRequest, waiting: int) -> Way:
    label = _("重批这 %(n)s 条") % {"n": f"{waiting:,}"}
    if not request.GET:
        label = _("重批全部 %(n)s 条") % {"n": f"{waiting:,}"}
    return Way(
        label=label, icon="again", url=f"{reverse('billing:retry')}?{request.GET.urlencode()}"
    )
