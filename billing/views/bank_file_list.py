"""银行文件: what banks sent, with what became of it; and where the next one is chosen."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import BankFile
from billing.queries.bank_uploads import unsettled_and_refused
from billing.services import bank_files, bank_uploads
from billing.tasks.bank_uploads import offer
from billing.views import bank_rooms
from billing.views.bank_forms import BankFileFilterForm, BankFileForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.units import yuan

TEMPLATE = "billing/bank_file_list.html"
COLUMNS = (
    Column(name="name", label=gettext_lazy("文件"), order_by=("name",), value=lambda f: f.name),
    Column(
        name="kind",
        label=gettext_lazy("类型"),
        order_by=("kind",),
        value=lambda f: _(f.get_kind_display()),
    ),
    Column(name="bank", label=gettext_lazy("银行"), order_by=("bank",), value=bank_rooms.bank_of),
    Column(
        name="received",
        label=gettext_lazy("导入时间"),
        order_by=("received_at", "pk"),
        value=lambda f: f.received_at,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda f: _(f.get_state_display()),
    ),
    Column(
        name="lines",
        label=gettext_lazy("笔数"),
        order_by=("lines_count",),
        value=lambda f: f.lines_count,
        num=True,
    ),
    Column(
        name="amount",
        label=gettext_lazy("金额(元)"),
        order_by=("total_fen",),
        value=lambda f: yuan(f.total_fen),
        num=True,
    ),
    Column(
        name="faults",
        label=gettext_lazy("问题行"),
        order_by=("faults_count",),
        value=lambda f: f.faults_count,
        num=True,
    ),
)


@requires("bank.view")
def file_list(request: HttpRequest) -> HttpResponse:
    """The files, the latest first; posting one takes it in (with the permission for it)."""
    upload = BankFileForm(request.POST or None, request.FILES or None)
    page, context = _shown(request, upload)
    if request.method == "POST":
        return _take_in(request, upload, context)
    if export := page.exported(gettext_lazy("银行文件")):
        return export
    return render_part(request, TEMPLATE, "list", context)


def _take_in(request: HttpRequest, upload: BankFileForm, context: dict[str, Any]) -> HttpResponse:
    if not access.can(request.user, "bank.handle"):
        raise access.MissingPermissionError("bank.handle")
    if not upload.is_valid():
        return render_refused(request, TEMPLATE, context)
    given = upload.cleaned_data["file"]
    asked = {"content": given.read(), "name": given.name}
    try:
        if given.size > settings.BANK_FILE_AT_ONCE_BYTES:
            kept = bank_uploads.keep(**asked, at=clock.now(), by_id=request.user.pk)  # type: ignore[arg-type]
            offer()
            return redirect("billing:bank_upload", upload_id=kept.pk)
        file = bank_files.take_in(**asked, at=clock.now(), by_id=request.user.pk)
    except (BadInputError, RefusedError) as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    return _told(request, file)


def _told(request: HttpRequest, file: BankFile) -> HttpResponse:
    facts = {"done": file.done_count, "faults": file.faults_count}
    if file.faults_count:
        messages.warning(request, _("已处理 %(done)s 笔，%(faults)s 行有问题，原因见下。") % facts)
    else:
        messages.success(request, _("已处理 %(done)s 笔。") % facts)
    return redirect("billing:bank_file", file_id=file.pk)


def _shown(request: HttpRequest, upload: BankFileForm) -> tuple[ListPage, dict[str, Any]]:
    form = BankFileFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(BankFile.objects.select_related("batch"), asked)
    page = ListPage(request, rows, columns=COLUMNS, sort="-received", form=form)
    may_handle = access.can(request.user, "bank.handle")
    return page, {
        "list": page,
        "rows": [(file, bank_rooms.bank_of(file)) for file in page.rows],
        "upload": upload if may_handle else None,
        "uploads": list(unsettled_and_refused(at=clock.now())),
        "tabs": bank_rooms.tabs(),
    }


def _filtered(files: QuerySet[BankFile], asked: dict[str, Any]) -> QuerySet[BankFile]:
    for name in ("bank", "kind"):
        if asked.get(name):
            files = files.filter(**{name: asked[name]})
    if asked.get("faults"):
        files = files.filter(faults_count__gt=0)
    if text := (asked.get("q") or "").strip():
        files = files.filter(Q(name__icontains=text) | Q(serial__iexact=text))
    return files
