"""The customer record as it was filled in, and whether it can be taken.

Source: S40-6, S40-7; ELG-1, ELG-2 (documents).
"""

from dataclasses import dataclass

from bss.kernel.errors import BadInputError, Sentence
from customers.models import Customer
from customers.rules.documents import document_fault
from customers.rules.record_fields import MANDATORY, RecordFields, contact_faults, missing_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInput:
    """A document as it was shown."""

    type: str
    number: str
    address: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactInput:
    """The person to speak to: another than the customer (S40-7)."""

    name: str
    phone: str
    position: str = ""


def check_record(
    *,
    kind: str,
    name: str,
    document: DocumentInput | None,
    contact: ContactInput | None,
    postal_address: str,
    complete: bool,
) -> None:
    """A whole record when it must be complete; what is there must be right either way.

    Raises: BadInputError with every fault.
    """
    faults: list[tuple[str, str]] = []
    if kind not in Customer.Kind.values:
        faults.append(("kind", "未知的客户类型。"))
    if complete:
        labels = dict(MANDATORY)
        fields = _fields(name, document, contact, postal_address)
        faults += [
            (field, Sentence("请填写%(field)s（S40-6）。", field=labels[field]))
            for field in missing_fields(fields)
        ]
    elif not name:
        faults.append(("name", "请填写客户名称。"))
    if document and document.number.strip():
        sentence = document_fault(type=document.type, number=document.number)
        if sentence:
            faults.append(("document_number", sentence))
    if contact:
        faults += contact_faults(name=contact.name, phone=contact.phone, customer_name=name)
    if faults:
        raise BadInputError(*faults)


def _fields(
    name: str,
    document: DocumentInput | None,
    contact: ContactInput | None,
    postal_address: str,
) -> RecordFields:
    return RecordFields(
        name=name,
        document_type=document.type if document else "",
        document_number=document.number if document else "",
        document_address=document.address if document else "",
        contact_name=contact.name if contact else "",
        contact_phone=contact.phone if contact else "",
        postal_address=postal_address,
    )
