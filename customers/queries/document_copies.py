"""The copies of a customer's documents."""

from customers.models import DocumentCopy

SHOWN_AT_MOST = 6


def copies_of(customer_id: int, *, revealed: bool = False) -> list[DocumentCopy]:
    """The newest of the document in use; the pictures themselves are read for a reveal only."""
    found = DocumentCopy.objects.filter(
        document__customer=customer_id, document__main=True
    ).select_related("taken_by")
    if not revealed:
        found = found.defer("content")
    return list(found.order_by("-taken_at", "-id")[:SHOWN_AT_MOST])
