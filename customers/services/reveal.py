"""Personal data in clear, for a reason that the audit keeps: the one way to it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.redaction import redacted
from customers.models import Contact, Customer, Document
from customers.rules.reveal_reasons import faults_of, in_words

FIELDS = ("name", "documents", "contacts", "postal_address", "install_addresses")


@dataclass(frozen=True, slots=True, kw_only=True)
class InClear:
    """One customer's personal data, opened."""

    name: str
    documents: tuple[Document, ...]
    contacts: tuple[Contact, ...]
    postal_address: str
    install_addresses: tuple[tuple[str, str], ...]


@transaction.atomic
def reveal(*, customer_id: int, reason: str, note: str, at: datetime) -> InClear:
    """Open one customer's personal data and say so in the audit.

    What somebody writes as their reason is kept without numbers and addresses in it.

    Raises: BadInputError for a reason that is none; Customer.DoesNotExist.
    """
    if faults := faults_of(reason=reason, note=note):
        raise BadInputError(*faults)
    customer = Customer.objects.get(pk=customer_id)
    audit.read_personal(
        kind="reveal",
        customer_ids=[customer.pk],
        at=at,
        reason=redacted(in_words(reason=reason, note=note))[:200],
        detail={"reason": reason, "fields": list(FIELDS)},
    )
    return opened(customer)


def opened(customer: Customer) -> InClear:
    """The same for those who have said already why (an export for the person concerned)."""
    lines = customer.subscriptions.order_by("pk")
    return InClear(
        name=customer.name,
        documents=tuple(customer.documents.all()),
        contacts=tuple(customer.contacts.all()),
        postal_address=customer.postal_address,
        install_addresses=tuple(
            (line.number, line.install_address) for line in lines if line.install_address
        ),
    )
