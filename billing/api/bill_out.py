"""A bill as TMF678 writes it."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Sum, Value, When
from django.urls import NoReverseMatch, reverse

from billing.models import Bill
from bss.kernel.api.money import money
from bss.kernel.periods import BUSINESS_ZONE, Month
from customers.queries.shown_names import shown_name

PDF_ROUTE = "billing:bill_pdf"


def with_what_is_shown(bills: QuerySet[Bill]) -> QuerySet[Bill]:
    """The rows with all that ``bill_out`` reads: account, owner, tax and state."""
    return (
        bills.select_related("account__owner")
        .annotate(tax_fen=Sum("lines__tax_fen", default=0), shown_state=STATE)
        .order_by("id")
    )


STATE = Case(
    When(paid_fen__gte=F("total_fen"), then=Value("settled")),
    When(paid_fen__gt=0, then=Value("partiallyPaid")),
    default=Value("sent"),
    output_field=CharField(),
)


def bill_out(bill: Any, *, href: Callable[[str], str]) -> dict[str, Any]:
    """The TMF678 resource; ``bill`` comes from ``with_what_is_shown``.

    ``amountDue`` is what the bill asked for, ``remainingAmount`` what of it is unpaid now.
    Source: BIL-1, BIL-4.
    """
    account, owner = bill.account, bill.account.owner
    due_at = datetime.combine(bill.due_on, time(23, 59, 59), tzinfo=BUSINESS_ZONE)
    return {
        "id": str(bill.pk),
        "href": href(str(bill.pk)),
        "billNo": bill_number(bill),
        "billDate": bill.issued_at.astimezone(BUSINESS_ZONE).isoformat(),
        "category": "normal",
        "runType": "onCycle" if bill.month else "offCycle",
        **_period(bill),
        "paymentDueDate": due_at.isoformat(),
        "state": bill.shown_state,
        "amountDue": money(bill.total_fen),
        "remainingAmount": money(bill.due_fen),
        "taxIncludedAmount": money(bill.total_fen),
        "taxExcludedAmount": money(bill.total_fen - bill.tax_fen),
        "taxItem": [{"taxCategory": "VAT", "taxAmount": money(bill.tax_fen)}],
        "billingAccount": {
            "id": account.code,
            "name": account.name if owner.kind == "enterprise" else shown_name(owner),
            "@referredType": "BillingAccount",
        },
        "relatedParty": [
            {
                "id": owner.code,
                "name": shown_name(owner),
                "role": "customer",
                "@referredType": "Customer",
            }
        ],
        "billDocument": _documents(bill, href),
        "@type": "CustomerBill",
    }


def bill_number(bill: Bill) -> str:
    """The number that the customer sees: account and month."""
    return f"{bill.account.code}-{bill.month:%Y%m}" if bill.month else f"{bill.account.code}-0"


def _period(bill: Bill) -> dict[str, Any]:
    if bill.month is None:
        return {}
    month = Month.of(bill.month)
    return {
        "billingPeriod": {
            "startDateTime": month.starts_at.isoformat(),
            "endDateTime": month.ends_at.isoformat(),
        }
    }


def _documents(bill: Bill, href: Callable[[str], str]) -> list[dict[str, str]]:
    number = bill_number(bill)
    document = {
        "id": number,
        "name": f"{number}.pdf",
        "attachmentType": "bill",
        "mimeType": "application/pdf",
    }
    try:
        page = reverse(PDF_ROUTE, args=[bill.pk])
    except NoReverseMatch:
        return [document]
    host = href("0").split("/tmf-api/", 1)[0]
    return [{**document, "url": f"{host}{page}"}]
