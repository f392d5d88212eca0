"""Books of invoices 发票簿: opened once, numbered through, closed and never thrown away."""

from datetime import datetime

from django.db import transaction

from billing.models import InvoiceBook
from bss.kernel.errors import BadInputError

FIRST_CODE = "WO0001"
FIRST = {
    "name": "沃·商务电子发票",
    "seller_name": "沃·商务示范分公司",
    "seller_tax_number": "91000000DEMO000001",
}
"""The book that is there when none was opened; an operator opens one in its own name."""


@transaction.atomic
def open_book(
    *,
    code: str,
    name: str,
    seller_name: str,
    seller_tax_number: str,
    at: datetime,
    first_number: int = 1,
    last_number: int = 99_999_999,
) -> InvoiceBook:
    """Raises: BadInputError when the code is taken or the numbers are none."""
    if InvoiceBook.objects.filter(code=code).exists():
        raise BadInputError(("code", "已有这个代码的发票簿，请换一个代码。"))
    if not 1 <= first_number <= last_number:
        raise BadInputError(("first_number", "发票号码的起止不对，请核对。"))
    return InvoiceBook.objects.create(
        code=code,
        name=name,
        seller_name=seller_name,
        seller_tax_number=seller_tax_number,
        next_number=first_number,
        last_number=last_number,
        opened_at=at,
    )


def lock_book(book_id: int | None, *, at: datetime) -> InvoiceBook:
    """The book to number from, locked until the transaction ends; the latest open one by default.

    Raises: BadInputError when it is closed or used up.
    """
    books = InvoiceBook.objects.select_for_update(no_key=True).filter(closed_at__isnull=True)
    if book_id is None:
        if not InvoiceBook.objects.exists():
            InvoiceBook.objects.get_or_create(code=FIRST_CODE, defaults={**FIRST, "opened_at": at})
        book = books.order_by("-pk").first()
    else:
        book = books.filter(pk=book_id).first()
    if book is None:
        raise BadInputError(("book", "没有在用的发票簿，请先启用一本发票簿。"))
    if book.next_number > book.last_number:
        raise BadInputError(("book", "这本发票簿的号码已用完，请启用新的发票簿。"))
    return book
