"""Erasing a person or company: its data key is destroyed, what stood clear gives way.

Money, orders and histories stay: they speak of codes and numbers, not of people. Source: S14-2.
"""

from datetime import datetime

from django.db import transaction

from bss.kernel import audit, data_keys
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from customers.models import Contact, Customer, Document, DocumentCopy, Subscription
from customers.queries.legal_holds import holds_of
from customers.queries.locked import lock_customer
from customers.rules.name_grams import grams

PLACEHOLDER = "已删除客户"
HELD = "此客户的资料处于法律保留，不能删除；保留解除后再申请。"
ERASED = "此客户的个人信息已经删除。"
LIVING = "此客户名下还有未销号的用户，不能删除个人信息；请先办理销号。"


@transaction.atomic
def erase_customer(
    *, customer_id: int, reason: str, at: datetime, by_id: int | None, detail: dict[str, object]
) -> Customer:
    """Make everything personal of this customer unreadable for good, in backups too.

    What the apps above know against it (bundles, debts, open cases) the caller has asked for.

    Raises: BadInputError; Customer.DoesNotExist.
    Locks: the customer.
    """
    customer = lock_customer(customer_id)
    if obstacles := own_obstacles(customer, at=at):
        raise BadInputError(*(("", sentence) for sentence in obstacles))
    for record in (customer, *customer.absorbed.all()):
        if record.data_key_id is not None:
            data_keys.destroy(record.data_key_id, at=at)
    name = f"{PLACEHOLDER} {customer.code}"
    Customer.objects.filter(pk=customer.pk).update(
        name=name,
        name_bigrams=grams(name),
        listed_reason="",
        postal_address="",
        erased_at=at,
    )
    customer.absorbed.update(name=f"{PLACEHOLDER} {customer.code}", erased_at=at)
    documents = Document.objects.filter(customer=customer)
    DocumentCopy.objects.filter(document__in=documents).delete()
    documents.update(number="", number_index="", address="")
    contacts = Contact.objects.filter(customer=customer)
    contacts.update(name=PLACEHOLDER, phone="", position="")
    Subscription.objects.filter(owner=customer).update(install_address="")
    audit.record(
        action="customer.erase",
        subject=f"customer:{customer.pk}",
        customer_id=customer.pk,
        staff_id=by_id,
        at=at,
        reason=reason,
        detail={"data_key": str(customer.data_key_id), **detail},
    )
    customer.refresh_from_db()
    return customer


def own_obstacles(customer: Customer, *, at: datetime) -> list[str]:
    """What this app knows against erasing, all of it."""
    living = customer.subscriptions.exclude(state=Subscription.State.TERMINATED)
    return [
        sentence
        for sentence, is_so in (
            (ERASED, customer.erased_at is not None),
            (HELD, holds_of(customer.pk, on=business_date(at)).exists()),
            (LIVING, living.exists()),
        )
        if is_so
    ]
