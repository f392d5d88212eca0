from customers.models.customer import Contact, Customer, Document
from customers.models.document_copy import DocumentCopy
from customers.models.duplicate import DuplicatePair
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
    "DuplicatePair",
    "LegalHold",
    "NumberAssignment",
    "Ownership",
    "Service",
    "Subscription",
    "SubscriptionState",
]
