"""The bill as a PDF to hand over or to send."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import get_language

from billing.papers.bill_facts import bill_facts
from billing.queries.bills import bill_view
from billing.views import reach
from bss.kernel import audit, clock
from bss.kernel.access import requires
from bss.kernel.papers import PapersUnavailable, mark_of, render_pdf
from bss.kernel.periods import Month


@requires("account.view")
def bill_pdf(request: HttpRequest, bill_id: int) -> HttpResponse:
    """A4, in the reader's language, with who printed it and when."""
    reach.bill_or_404(request.user, bill_id)
    view = bill_view(bill_id)
    printed_at = localtime(clock.now())
    try:
        paper = render_pdf(
            "papers/bill.html",
            {**bill_facts(view), "printed_at": printed_at, "printed_by": request.user},
            watermark=mark_of(request.user, printed_at),
            language=get_language() or "zh-hans",
        )
    except PapersUnavailable as missing:
        messages.error(request, str(missing))
        return redirect("billing:bill", bill_id=bill_id)
    audit.read_personal(
        kind="pdf",
        customer_ids=[view.bill.account.owner_id],
        at=printed_at,
        detail={"bill": bill_id},
    )
    month = Month.of(view.bill.month) if view.bill.month else "opening"
    name = f"bill-{view.bill.account.code}-{month}.pdf"
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
