"""Registering and correcting customers."""

from datetime import datetime

from django.db import connection, transaction

from bss.kernel import audit, data_keys
from bss.kernel.sealing import blind_index
from customers.models import Contact, Customer, Document
from customers.queries.locked import lock_customer
from customers.rules.areas import DEFAULT_AREA
from customers.rules.documents import indexed_number, normal_number
from customers.rules.name_grams import grams
from customers.services import lists
from customers.services.record_input import ContactInput, DocumentInput, check_record


@transaction.atomic
def register_customer(
    *,
    kind: str,
    name: str,
    area: str = DEFAULT_AREA,
    document: DocumentInput | None,
    contact: ContactInput | None = None,
    postal_address: str = "",
    organisation_id: int | None = None,
    account_manager_id: int | None = None,
    at: datetime,
    by_id: int | None = None,
    listed: str = Customer.Listed.NONE,
    code: str = "",
    complete: bool = False,
) -> Customer:
    """Make a customer with its document and contact.

    With ``complete`` the seven mandatory fields must be there (S40-6), as at the counter; without,
    a record that is taken over may lack contact data. What is there must be right either way.

    Raises: BadInputError with every fault.
    """
    name = name.strip()
    check_record(
        kind=kind,
        name=name,
        document=document,
        contact=contact,
        postal_address=postal_address,
        complete=complete,
    )
    customer_id = _next_id()
    customer = Customer(
        id=customer_id,
        code=code or f"C{customer_id:08d}",
        kind=kind,
        name=name,
        area=area,
        listed=listed,
        data_key=data_keys.create(),
        postal_address=postal_address.strip(),
        organisation_id=organisation_id,
        account_manager_id=account_manager_id,
        name_bigrams=grams(name),
        registered_at=at,
    )
    customer.save(force_insert=True)
    _keep_document(customer, document, at=at)
    _keep_contact(customer, contact)
    if listed != Customer.Listed.NONE:
        lists.begin({customer.pk: listed}, reasons={customer.pk: ""}, at=at, by_id=by_id)
    _record("customer.register", customer, at=at, by_id=by_id)
    return customer


@transaction.atomic
def correct_customer(
    *,
    customer_id: int,
    name: str,
    document: DocumentInput | None,
    contact: ContactInput | None = None,
    postal_address: str = "",
    area: str | None = None,
    account_manager_id: int | None = None,
    at: datetime,
    by_id: int | None = None,
    complete: bool = True,
) -> Customer:
    """Replace the customer's record by the corrected one; what was there before goes to the audit.

    A document or contact that is not given stays as it is.

    Raises: BadInputError with every fault; Customer.DoesNotExist.
    """
    customer = lock_customer(customer_id)
    name = name.strip()
    check_record(
        kind=customer.kind,
        name=name,
        document=document or _document_of(customer),
        contact=contact or _contact_of(customer),
        postal_address=postal_address,
        complete=complete,
    )
    before = {"name": customer.name, "area": customer.area}
    customer.name = name
    customer.name_bigrams = grams(name)
    customer.area = area or customer.area
    customer.postal_address = postal_address.strip()
    customer.account_manager_id = account_manager_id or customer.account_manager_id
    customer.save(
        update_fields=["name", "name_bigrams", "area", "postal_address", "account_manager"]
    )
    if document is not None:
        customer.documents.filter(main=True).update(main=False)
        _keep_document(customer, document, at=at)
    if contact is not None:
        customer.contacts.filter(main=True).update(main=False)
        _keep_contact(customer, contact)
    _record("customer.correct", customer, at=at, by_id=by_id, detail={"before": before})
    return customer


def _next_id() -> int:
    """The key is taken before the row is made, because the customer's code shows it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('customers_customer', 'id'))")
        return int(cursor.fetchone()[0])


def _keep_document(customer: Customer, document: DocumentInput | None, *, at: datetime) -> None:
    if document is None:
        return
    Document.objects.create(
        customer=customer,
        type=document.type,
        number=normal_number(document.number),
        number_index=blind_index(indexed_number(document.number)),
        address=document.address.strip(),
        verified=document.verified,
        recorded_at=at,
    )


def _keep_contact(customer: Customer, contact: ContactInput | None) -> None:
    if contact is None:
        return
    Contact.objects.create(
        customer=customer,
        name=contact.name.strip(),
        phone=contact.phone.strip(),
        position=contact.position.strip(),
    )


def _document_of(customer: Customer) -> DocumentInput | None:
    shown = customer.documents.filter(main=True).first()
    if shown is None:
        return None
    return DocumentInput(
        type=shown.type, number=shown.number, address=shown.address, verified=shown.verified
    )


def _contact_of(customer: Customer) -> ContactInput | None:
    known = customer.contacts.filter(main=True).first()
    if known is None:
        return None
    return ContactInput(name=known.name, phone=known.phone, position=known.position)


def _record(
    action: str,
    customer: Customer,
    *,
    at: datetime,
    by_id: int | None,
    reason: str = "",
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        action=action,
        subject=f"customer:{customer.pk}",
        customer_id=customer.pk,
        staff_id=by_id,
        at=at,
        reason=reason,
        detail=detail,
    )
