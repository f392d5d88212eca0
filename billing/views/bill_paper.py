"""The bill as a PDF to hand over or to send."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from billing.papers.bill_facts import bill_facts
from billing.queries.bills import bill_view
from billing.views import reach
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.pages.paper import hand_out
from bss.kernel.periods import Month


@requires("account.view")
def bill_pdf(request: HttpRequest, bill_id: int) -> HttpResponse:
    """A4, in the reader's language, with who printed it and when."""
    reach.bill_or_404(request.user, bill_id)
    view = bill_view(bill_id)
    printed_at = localtime(clock.now())
    month = Month.of(view.bill.month) if view.bill.month else "opening"
    return hand_out(
        request,
        "papers/bill.html",
        {**bill_facts(view), "printed_at": printed_at, "printed_by": request.user},
        file_name=f"bill-{view.bill.account.code}-{month}.pdf",
        customer_ids=[view.bill.account.owner_id],
        at=printed_at,
        detail={"bill": bill_id},
        back=reverse("billing:bill", args=[bill_id]),
    )
