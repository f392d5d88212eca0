"""A customer as TMF629 writes it; persons are masked."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from bss.kernel.masking import masked_number
from bss.kernel.periods import BUSINESS_ZONE
from customers.api.attributes import KINDS, STATUSES
from customers.models import Customer
from customers.queries.shown_names import shown_name

PARTY_OF_KIND = {kind: party for party, kind in KINDS.items()}
STATUS_OF_LISTED = {listed: status for status, listed in STATUSES.items()}


def with_what_is_shown(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The rows with all that ``customer_out`` reads, in a fixed number of queries."""
    return customers.select_related("account_manager").prefetch_related("contacts").order_by("id")


def customer_out(customer: Customer, *, href: Callable[[str], str]) -> dict[str, Any]:
    """The TMF629 resource. A company's name is public; a person's is masked. Source: S14-2."""
    name = shown_name(customer)
    return {
        "id": customer.code,
        "href": href(customer.code),
        "name": name,
        "status": STATUS_OF_LISTED[customer.listed],
        **({"statusReason": customer.listed_reason} if customer.listed_reason else {}),
        "engagedParty": {
            "id": customer.code,
            "name": name,
            "role": "customer",
            "@referredType": PARTY_OF_KIND[customer.kind],
        },
        "characteristic": [
            {"name": "kind", "valueType": "string", "value": customer.kind},
            {"name": "area", "valueType": "string", "value": customer.area},
        ],
        "contactMedium": [
            {
                "mediumType": "phone",
                "preferred": contact.main,
                "characteristic": {
                    "contactType": "contact",
                    "phoneNumber": masked_number(contact.phone),
                    "@type": "MediumCharacteristic",
                },
            }
            for contact in customer.contacts.all()
        ],
        "relatedParty": _manager(customer),
        "validFor": {"startDateTime": customer.registered_at.astimezone(BUSINESS_ZONE).isoformat()},
        "@type": "Customer",
    }


def _manager(customer: Customer) -> list[dict[str, str]]:
    manager = customer.account_manager
    if manager is None:
        return []
    return [
        {
            "id": manager.username,
            "name": manager.display_name,
            "role": "accountManager",
            "@referredType": "Individual",
        }
    ]
