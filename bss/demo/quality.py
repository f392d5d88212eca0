"""The customer data of the demo as it is after some years: one company twice, some classes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bss.demo.companies import Company
from bss.wiring.grading import grade
from customers.batch.duplicates import find_duplicates
from customers.models import Customer, CustomerClass
from customers.services.classifying import give_class_to_many
from customers.services.record_input import ContactInput, DocumentInput
from customers.services.registration import register_customer

LARGE = 2
AGO = timedelta(days=400)


def tidy_up(companies: Sequence[Company], *, at: datetime, by_id: int) -> None:
    """One company is registered twice, as by another hall; some are classed, all are graded."""
    original = Customer.objects.get(pk=companies[0].id)
    document, contact = original.documents.get(main=True), original.contacts.get(main=True)
    register_customer(
        kind=original.kind,
        name=original.name.replace("有限公司", "公司"),
        area=original.area,
        document=DocumentInput(type=document.type, number=document.number),
        contact=ContactInput(name=contact.name, phone=contact.phone),
        organisation_id=original.organisation_id,
        at=at - AGO,
    )
    large = CustomerClass.objects.filter(number=LARGE).first()
    if large is not None:
        give_class_to_many(
            customer_ids=[company.id for company in companies[:3]],
            class_id=large.pk,
            reason="年度评定",
            at=at,
            by_id=by_id,
            approval_id=0,
        )
    grade(at=at)
    find_duplicates(at=at)
