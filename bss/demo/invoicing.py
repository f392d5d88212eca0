"""Invoices of the demo's last month: whole, split, and one that was taken back."""

from datetime import datetime, timedelta

from billing.models import Bill
from billing.queries.invoicing import lines_left
from billing.rules.invoice_parts import left_of
from billing.services.invoice_reds import needs_approval, reverse
from billing.services.invoices import Part, issue
from bss.kernel.periods import Month

INVOICED = 5


def invoice_some(*, month: Month, at: datetime, by_id: int) -> None:
    """The first bills of the month; of the second, half and the rest; the third's is taken back."""
    bills = Bill.objects.filter(month=month.first_day, total_fen__gt=1).order_by("pk")
    for place, bill in enumerate(bills[:INVOICED]):
        left_fen = left_of(lines_left(bill))
        if left_fen < 2:
            continue
        parts = [Part(amount_fen=left_fen // 2), Part()] if place == 1 else [Part()]
        moment = at + timedelta(minutes=place)
        key = f"DEMO-INVOICE-{bill.pk}"
        issued = issue(bill_id=bill.pk, parts=parts, key=key, at=moment, by_id=by_id)
        if place == 2 and not needs_approval(issued[0].amount_fen):
            reverse(
                invoice_id=issued[0].pk,
                key=f"DEMO-RED-{bill.pk}",
                reason="客户要求更换抬头。",
                at=moment,
                by_id=by_id,
            )
