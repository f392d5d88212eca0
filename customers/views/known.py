"""The record that is registered already, in clear for the services and masked for the page."""

from bss.kernel.masking import masked_address, masked_document, masked_name, masked_number
from customers.models import Customer
from customers.rules.record_fields import RecordFields


def known_record(customer: Customer) -> RecordFields:
    """The customer's main document and contact as the mandatory fields."""
    document = customer.documents.filter(main=True).first()
    contact = customer.contacts.filter(main=True).first()
    return RecordFields(
        name=customer.name,
        document_type=document.type if document else "",
        document_number=document.number if document else "",
        document_address=document.address if document else "",
        contact_name=contact.name if contact else "",
        contact_phone=contact.phone if contact else "",
        postal_address=customer.postal_address,
    )


def masked_record(known: RecordFields) -> dict[str, str]:
    """The personal fields of the record with their middle hidden; empty where there is nothing."""
    return {
        "document_number": masked_document(known.document_number),
        "document_address": masked_address(known.document_address),
        "contact_name": masked_name(known.contact_name),
        "contact_phone": masked_number(known.contact_phone),
        "postal_address": masked_address(known.postal_address),
    }
