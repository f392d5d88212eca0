"""What became of one bank's file: counts by outcome, and every bad line with its reason."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import BankFile, BankFileFault
from billing.queries.bank_outcomes import outcomes_of
from billing.views import bank_rooms
from bss.kernel.access import requires
from bss.kernel.errors import Sentence
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part

COLUMNS = (
    Column(
        name="line_no",
        label=gettext_lazy("行号"),
        order_by=("line_no",),
        value=lambda fault: fault.line_no,
        num=True,
    ),
    Column(
        name="reason",
        label=gettext_lazy("原因"),
        order_by=("reason",),
        value=lambda fault: _(fault.get_reason_display()),
    ),
    Column(name="line", label=gettext_lazy("原始记录"), value=lambda fault: fault.line),
)


@requires("bank.view")
def file_page(request: HttpRequest, file_id: int) -> HttpResponse:
    """The file; its bad lines go out as a file, too."""
    file = get_object_or_404(BankFile.objects.select_related("batch", "received_by"), pk=file_id)
    page = ListPage(request, _faults(file), columns=COLUMNS, sort="line_no")
    if export := page.exported(Sentence("问题行 %(file)s", file=file.name)):
        return export
    context = {
        "list": page,
        "file": file,
        "bank": bank_rooms.bank_of(file),
        "outcomes": outcomes_of(file),
        "is_running": file.state == BankFile.State.STAGED,
        "crumbs": bank_rooms.crumbs(
            (_("银行文件"), reverse("billing:bank_files")), (file.name, "")
        ),
    }
    return render_part(request, "billing/bank_file.html", "list", context)


def _faults(file: BankFile) -> QuerySet[BankFileFault]:
    return file.faults.all()
