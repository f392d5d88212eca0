from customers.models.customer import Contact, Customer, Document
from customers.models.document_copy import DocumentCopy
from customers.models.legal_hold import LegalHold
from customers.models.subscription import (
    NumberAssignment,
    Ownership,
    Service,
    Subscription,
    SubscriptionState,
)

__all__ = [
    "Contact",
    "Customer",
    "Document",
    "DocumentCopy",
    "LegalHold",
    "NumberAssignment",
    "Ownership",
    "Service",
    "Subscription",
    "SubscriptionState",
]
