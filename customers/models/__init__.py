from customers.models.customer import Contact, Customer, Document
from customers.models.customer_class import ClassMembership, CustomerClass
from customers.models.document_copy import DocumentCopy
from customers.models.duplicate import DuplicatePair
from customers.models.legal_hold import LegalHold
from customers.models.level import ClassLevel, CustomerFigures, Ladder, LevelChange
from customers.models.listing import Listing
from customers.models.points import PointsEntry, PointsRate
from customers.models.subscription import (
    NumberAssignment,
    Ownership,
    Service,
    Subscription,
    SubscriptionState,
)

__all__ = [
    "ClassLevel",
    "ClassMembership",
    "Contact",
    "Customer",
    "CustomerClass",
    "CustomerFigures",
    "Document",
    "DocumentCopy",
    "DuplicatePair",
    "Ladder",
    "LegalHold",
    "LevelChange",
    "Listing",
    "NumberAssignment",
    "Ownership",
    "PointsEntry",
    "PointsRate",
    "Service",
    "Subscription",
    "SubscriptionState",
]
