from customers.models.customer import Contact, Customer, Document
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
    "NumberAssignment",
    "Ownership",
    "Service",
    "Subscription",
    "SubscriptionState",
]
