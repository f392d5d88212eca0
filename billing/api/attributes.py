"""What TMF678 bills can be found by."""

from datetime import date

from bss.kernel.api.filters import Attribute, moment, words
from bss.kernel.periods import Month, business_date

STATES = {"sent": "sent", "partiallyPaid": "partiallyPaid", "settled": "settled"}


def first_of_month(value: str) -> date:
    """A month (2026-10), or a day or moment in it, as the bill keeps it: its first day."""
    if len(value) == 7:
        return Month.parse(value).first_day
    return Month.of(business_date(moment(value))).first_day


def key(value: str) -> int:
    """A bill's id; what cannot be one finds nothing."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


BILL_ATTRIBUTES = {
    "id": Attribute("pk", key),
    "state": Attribute("shown_state", words(STATES)),
    "billDate": Attribute("issued_at", moment, ordered=True),
    "paymentDueDate": Attribute("due_on", lambda v: business_date(moment(v)), ordered=True),
    "billingPeriod.startDateTime": Attribute("month", first_of_month, ordered=True),
    "billingAccount.id": Attribute("account__code"),
    "billingAccount.name": Attribute("account__name"),
    "relatedParty.id": Attribute("account__owner__code"),
}
