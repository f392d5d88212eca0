"""Invoices of a bill, whole or in parts, and of a prepayment; each once per key (BIL-3, BIL-4)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.batch.cover_prepaid import cover_prepaid
from billing.models import Bill, BillLine, Entry, Invoice, InvoiceLine, Payment
from billing.queries import invoicing
from billing.queries.locked import lock_account, lock_key
from billing.rules.invoice_parts import (
    PREPAID_ITEM,
    LineLeft,
    RatePart,
    left_of,
    less,
    take_amount,
    take_lines,
    with_tax,
)
from billing.services.invoice_books import lock_book
from billing.services.invoice_writing import digest_of, issued_before, write
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import refuse
from bss.kernel.units import yuan

TAX_NUMBER = re.compile(r"[0-9A-Z]{15,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One invoice of a split: an amount, or lines; neither is all that is left by then."""

    amount_fen: int | None = None
    line_ids: tuple[int, ...] | None = None
    business_number: str = ""
    buyer_name: str = ""
    buyer_tax_number: str = ""


@transaction.atomic
def issue(
    *,
    bill_id: int,
    key: str,
    at: datetime,
    parts: Sequence[Part] = (Part(),),
    book_id: int | None = None,
    by_id: int | None = None,
) -> list[Invoice]:
    """Invoice a bill in these parts, in their order. The same key again gives the first result.

    Source: BIL-3, BIL-4.
    Locks:  the key, the account, the book.
    Raises: RefusedError (BIL-3: more than is left, nothing left, another's number; PAY-1: the key
            came with another body); BadInputError.
    """
    lock_key(key)
    digest = digest_of("bill", bill_id, [asdict(part) for part in parts], book_id)
    if before := issued_before(key, digest, count=len(parts)):
        return before
    bill = Bill.objects.get(pk=bill_id)
    account = lock_account(bill.account_id)
    cover_prepaid(account_ids=[account.pk], at=at)
    lines = invoicing.lines_left(bill)
    book = lock_book(book_id, at=at)
    issued = []
    for place, part in enumerate(parts, start=1):
        taken = _taken(lines, part)
        issued.append(
            write(
                Invoice(
                    key=f"{key}/{place}",
                    digest=digest,
                    book=book,
                    number=book.next_number + place - 1,
                    kind=Invoice.Kind.BILL,
                    account=account,
                    bill=bill,
                    issued_at=at,
                    by_id=by_id,
                    **_buyer(account, part, at=at),
                ),
                _bill_rows(bill, taken),
            )
        )
        lines = less(lines, taken)
    return issued


@transaction.atomic
def issue_prepayment(
    *,
    payment_id: int,
    key: str,
    at: datetime,
    part: Part = Part(),
    book_id: int | None = None,
    by_id: int | None = None,
) -> Invoice:
    """Invoice money that was paid before any bill, untaxed; later bills are reduced by it.

    Source: BIL-3. What its money pays from now on is covered by this invoice.
    Locks:  the key, the account, the book.
    Raises: as ``issue``.
    """
    lock_key(key)
    digest = digest_of("prepayment", payment_id, asdict(part), book_id)
    if before := issued_before(key, digest):
        return before[0]
    payment = Payment.objects.get(pk=payment_id)
    account = lock_account(payment.account_id)
    payment.refresh_from_db()
    cover_prepaid(account_ids=[account.pk], at=at)
    left_fen = invoicing.prepaid_left(payment)
    amount_fen = left_fen if part.amount_fen is None else part.amount_fen
    _check_amount(amount_fen, left_fen)
    book = lock_book(book_id, at=at)
    return write(
        Invoice(
            key=f"{key}/1",
            digest=digest,
            book=book,
            number=book.next_number,
            kind=Invoice.Kind.PREPAYMENT,
            account=account,
            payment=payment,
            last_entry=Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
            issued_at=at,
            by_id=by_id,
            **_buyer(account, part, at=at),
        ),
        [InvoiceLine(item=PREPAID_ITEM, tax_percent=None, amount_fen=amount_fen, tax_fen=0)],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What an invoice of a split would come to. Units: fen."""

    amount_fen: int
    tax_fen: int
    left_fen: int


def plan(*, bill: Bill, parts: Sequence[Part]) -> list[Planned]:
    """What ``issue`` would issue; nothing is written. Raises: RefusedError, as ``issue``."""
    lines = invoicing.lines_left(bill)
    planned = []
    for part in parts:
        taken = _taken(lines, part)
        lines = less(lines, taken)
        rates = [rate for found in taken.values() for rate in found]
        planned.append(
            Planned(
                amount_fen=sum(rate.amount_fen for rate in rates),
                tax_fen=sum(rate.tax_fen for rate in rates),
                left_fen=left_of(lines),
            )
        )
    return planned


def _taken(lines: Sequence[LineLeft], part: Part) -> dict[int, list[RatePart]]:
    left_fen = left_of(lines)
    if part.line_ids is not None:
        amounts = take_lines(lines, part.line_ids)
        _check_amount(sum(amounts.values()), left_fen)
    else:
        amount_fen = left_fen if part.amount_fen is None else part.amount_fen
        _check_amount(amount_fen, left_fen)
        amounts = take_amount(lines, amount_fen)
    rates = {line.line_id: line.rates for line in lines}
    return {line_id: with_tax(rates[line_id], fen) for line_id, fen in amounts.items()}


def _check_amount(amount_fen: int, left_fen: int) -> None:
    if left_fen == 0:
        raise refuse("BIL-3", "没有可开票金额：已开票、赠款支付或预存时已开票")
    if amount_fen <= 0:
        raise refuse("BIL-3", "所选费用可开票金额为零，请另选费用或金额")
    if amount_fen > left_fen:
        raise refuse(
            "BIL-3",
            "可开票金额只有 %(left)s 元，不能开 %(amount)s 元",
            left=yuan(left_fen),
            amount=yuan(amount_fen),
        )


def _buyer(account: Any, part: Part, *, at: datetime) -> dict[str, str]:
    number = part.business_number or invoicing.main_number(account.pk, at=at)
    if part.business_number and number not in invoicing.business_numbers(account.pk):
        raise refuse("BIL-3", "号码 %(number)s 不属于这个帐户，请选帐户下的号码", number=number)
    if part.buyer_tax_number and not TAX_NUMBER.fullmatch(part.buyer_tax_number):
        raise BadInputError(
            ("buyer_tax_number", "纳税人识别号应为 15 到 20 位数字和大写字母，请核对。")
        )
    return {
        "business_number": number,
        "buyer_name": part.buyer_name.strip() or account.owner.name,
        "buyer_tax_number": part.buyer_tax_number,
    }


def _bill_rows(bill: Bill, taken: Mapping[int, Sequence[RatePart]]) -> list[InvoiceLine]:
    billed = BillLine.objects.filter(bill=bill, pk__in=taken).select_related("subscription")
    return [
        InvoiceLine(
            bill_line=line,
            number=line.subscription.number if line.subscription else "",
            item=line.item,
            tax_percent=rate.percent,
            amount_fen=rate.amount_fen,
            tax_fen=rate.tax_fen,
        )
        for line in billed.order_by("position")
        for rate in taken[line.pk]
    ]
