"""An uploaded bank file until it is one of the files: waiting, under way, or refused and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from billing.models import BankUpload
from billing.queries.bank_uploads import progress_of
from billing.views import bank_rooms
from bss.kernel.access import requires
from bss.kernel.pages.render import render_part


@requires("bank.view")
def upload_page(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Looks again by itself while it waits, and leads to the file once that is done."""
    rows = BankUpload.objects.select_related("received_by").defer("content")
    upload = get_object_or_404(rows, pk=upload_id)
    if upload.file_id is not None:
        where = reverse("billing:bank_file", args=[upload.file_id])
        asked_by_htmx = getattr(request, "htmx", False)
        return HttpResponseClientRedirect(where) if asked_by_htmx else redirect(where)
    context = {
        "upload": upload,
        "waits": upload.state == BankUpload.State.RECEIVED,
        "progress": progress_of(upload),
        "crumbs": bank_rooms.crumbs(
            (_("银行文件"), reverse("billing:bank_files")), (upload.name, "")
        ),
    }
    return render_part(request, "billing/bank_upload.html", "state", context)
