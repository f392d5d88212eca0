"""How an invoice is written, whoever issues it: once per key, with its lines, told to the audit."""

import hashlib
import json
from collections.abc import Sequence

from billing.models import Invoice, InvoiceLine
from bss.kernel import audit
from bss.kernel.rulebook import refuse


def issued_before(key: str, digest: str, *, count: int = 1) -> list[Invoice]:
    """What this key has issued already. Raises: RefusedError when it came with another body."""
    keys = [f"{key}/{place}" for place in range(1, count + 1)]
    found = list(Invoice.objects.filter(key__in=keys).select_related("book").order_by("pk"))
    if found and found[0].digest != digest:
        raise refuse("PAY-1", "流水号 %(key)s 已用于另一次开票，请核对", key=key)
    return found


def digest_of(*body: object) -> str:
    """The fingerprint of what was asked with a key."""
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def write(invoice: Invoice, rows: Sequence[InvoiceLine]) -> Invoice:
    """The invoice with its lines, numbered by the book that is held; told to the audit."""
    invoice.amount_fen = sum(row.amount_fen for row in rows)
    invoice.tax_fen = sum(row.tax_fen for row in rows)
    invoice.save(force_insert=True)
    for place, row in enumerate(rows, start=1):
        row.invoice, row.position = invoice, place
    InvoiceLine.objects.bulk_create(rows)
    audit.record(
        action="invoice.reverse" if invoice.kind == Invoice.Kind.RED else "invoice.issue",
        subject=f"invoice:{invoice.pk}",
        customer_id=invoice.account.owner_id,
        staff_id=invoice.by_id,
        at=invoice.issued_at,
        reason=invoice.reason,
        detail={"number": invoice.full_number, "amount_fen": invoice.amount_fen},
    )
    return invoice
