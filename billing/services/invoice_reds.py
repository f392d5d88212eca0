"""Red-letter invoices 红冲: they take an invoice back, whole or by line, and free its amount."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from billing.batch.cover_prepaid import cover_prepaid
from billing.models import Invoice, InvoiceCover, InvoiceLine
from billing.queries.locked import lock_account, lock_key
from billing.rules.invoice_parts import APPROVE_REDS_FROM_FEN
from billing.services.invoice_books import lock_book
from billing.services.invoice_writing import digest_of, issued_before, write
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import refuse


@transaction.atomic
def reverse(
    *,
    invoice_id: int,
    key: str,
    reason: str,
    at: datetime,
    line_ids: Collection[int] | None = None,
    book_id: int | None = None,
    by_id: int | None = None,
    approved: bool = False,
) -> Invoice:
    """Take an invoice back, or these lines of it; None is all that was not yet taken back.

    Source: BIL-3.
    Locks:  the key, the account, the book.
    Raises: RefusedError (BIL-3: it is red itself, nothing is left of it, a credit would remain
            alone, or it needs a second person; PAY-1); BadInputError.
    """
    if not reason.strip():
        raise BadInputError(("reason", "请写明红冲原因。"))
    lock_key(key)
    digest = digest_of("red", invoice_id, sorted(line_ids or ()), reason, book_id)
    if before := issued_before(key, digest):
        return before[0]
    invoice = Invoice.objects.select_related("book").get(pk=invoice_id)
    account = lock_account(invoice.account_id)
    rows = lines_to_reverse(invoice, line_ids)
    if needs_approval(sum(row.amount_fen for row in rows)) and not approved:
        raise refuse("BIL-3", "红冲金额超过限额，须由另一位同事审批")
    book = lock_book(book_id, at=at)
    red = write(
        Invoice(
            key=f"{key}/1",
            digest=digest,
            book=book,
            number=book.next_number,
            kind=Invoice.Kind.RED,
            account=account,
            bill_id=invoice.bill_id,
            payment_id=invoice.payment_id,
            reverses=invoice,
            business_number=invoice.business_number,
            buyer_name=invoice.buyer_name,
            buyer_tax_number=invoice.buyer_tax_number,
            reason=reason.strip()[:200],
            issued_at=at,
            by_id=by_id,
        ),
        [
            InvoiceLine(
                bill_line_id=row.bill_line_id,
                reverses=row,
                number=row.number,
                item=row.item,
                tax_percent=row.tax_percent,
                amount_fen=-row.amount_fen,
                tax_fen=-row.tax_fen,
            )
            for row in rows
        ],
    )
    _free_covers(invoice, at=at)
    cover_prepaid(account_ids=[account.pk], at=at)  # what it covered, another may cover now
    return red


def needs_approval(amount_fen: int) -> bool:
    """Whether a second person decides on taking back this much."""
    return amount_fen >= APPROVE_REDS_FROM_FEN


def lines_to_reverse(
    invoice: Invoice, line_ids: Collection[int] | None = None
) -> list[InvoiceLine]:
    """The lines that a red one would take back. Raises: RefusedError (BIL-3)."""
    if invoice.kind == Invoice.Kind.RED:
        raise refuse("BIL-3", "红字发票不能再红冲，需要时请重新开票")
    left = list(InvoiceLine.objects.filter(invoice=invoice, red__isnull=True).order_by("position"))
    if not left:
        raise refuse("BIL-3", "发票 %(number)s 已全部红冲", number=invoice.full_number)
    chosen = [row for row in left if line_ids is None or row.pk in line_ids]
    if not chosen or (line_ids is not None and len(chosen) != len(set(line_ids))):
        raise refuse("BIL-3", "所选明细不在这张发票上，或已红冲，请重新选择")
    kept_fen = sum(row.amount_fen for row in left) - sum(row.amount_fen for row in chosen)
    if sum(row.amount_fen for row in chosen) <= 0 or kept_fen < 0:
        raise refuse("BIL-3", "减免须与费用一起红冲，请选整张红冲")
    return chosen


def _free_covers(invoice: Invoice, *, at: datetime) -> None:
    """What a prepayment's invoice covered can be invoiced again."""
    covered = (
        InvoiceCover.objects.filter(invoice=invoice)
        .values_list("bill_line_id")
        .annotate(fen=Sum("amount_fen"))
        .filter(fen__gt=0)
        .order_by("bill_line_id")
    )
    InvoiceCover.objects.bulk_create(
        [
            InvoiceCover(invoice=invoice, bill_line_id=line_id, amount_fen=-fen, at=at)
            for line_id, fen in covered
        ]
    )
