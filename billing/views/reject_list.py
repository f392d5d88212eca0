"""错单: by cause, each with its original line; mended ones are judged again (RAT-15)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from billing.models import UsageReject
from billing.queries.rejects import open_causes, rejects_found
from billing.services.usage import retry_rejects
from billing.views.forms import RejectFilterForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
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

MENDING: dict[str, Any] = {
    "malformed": gettext_lazy("原始记录的格式不对。请交换侧改正后重发文件。"),
    "duplicate": gettext_lazy("同号话单已批价，一般不必处理。"),
    "unknown_number": gettext_lazy("号码不在系统内。补登用户资料后重批。"),
    "not_active": gettext_lazy("通话时用户不在用。核对用户状态历史后重批。"),
    "closed_month": gettext_lazy("超过迟到期限，不能再计费。"),
    "no_tariff": gettext_lazy("资费表里没有这类呼叫。补充产品目录后重批。"),
}


@requires("month.view")
def reject_list(request: HttpRequest) -> HttpResponse:
    """The rejects, those that wait first."""
    form = RejectFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(request, rejects_found(asked), columns=COLUMNS, sort="-file", form=form)
    if export := page.exported(_("错单")):
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
            "may_mend": access.can(request.user, "usage.load"),
            "crumbs": [(_("月结"), reverse("billing:month")), (_("错单"), "")],
        },
    )


@require_POST
@requires("usage.load")
def retry(request: HttpRequest) -> HttpResponse:
    """Judge the open rejects of one cause again."""
    reason = request.POST.get("reason", "")
    if reason not in UsageReject.Reason.values:
        messages.error(request, _("请选择原因。"))
        return redirect("billing:rejects")
    rated = retry_rejects(reason=reason, at=clock.now())
    sentence = ngettext("重批成功 %(n)s 条。", "重批成功 %(n)s 条。", rated) % {"n": rated}
    (messages.success if rated else messages.warning)(request, sentence)
    return redirect(f"{reverse('billing:rejects')}?reason={reason}")
