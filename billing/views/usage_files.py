"""Usage comes in by the browser too: one file, loaded whole or not at all, its rejects kept."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.services import usage
from billing.services.usage import LoadReport
from billing.views.forms import UsageFileForm
from billing.views.month_run import TEMPLATE, month_or_404, run_context
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused


@require_POST
@requires("usage.load")
def load_usage(request: HttpRequest, month: str) -> HttpResponse:
    """Load the file and return to the month; where each record belongs, its own time says."""
    of = month_or_404(month)
    form = UsageFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, {**run_context(request, of), "upload": form})
    try:
        report = _load(form.cleaned_data["file"])
    except BadInputError as refused:
        context = {**run_context(request, of), "upload": form}
        return render_refused(request, TEMPLATE, context, refused=refused)
    _tell(request, report)
    return redirect("billing:run", month=str(of))


def _load(file: UploadedFile) -> LoadReport:
    """The service reads a path; what came with the request is written to one."""
    with NamedTemporaryFile(prefix="usage-") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return usage.load(
            path=Path(kept.name), name=Path(file.name or "usage").name, at=clock.now()
        )


def _tell(request: HttpRequest, report: LoadReport) -> None:
    facts = {
        "name": report.name,
        "records": f"{report.records:,}",
        "rated": f"{report.rated:,}",
        "rejected": f"{sum(report.rejected.values()):,}",
    }
    sentence = (
        _("%(name)s：%(records)s 条话单，已批价 %(rated)s 条，错单 %(rejected)s 条。") % facts
    )
    if report.rejected:
        messages.warning(request, sentence)
    else:
        messages.success(request, sentence)
