"""Keeping copies of a customer's document."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bss.kernel import audit
from customers.models import Document, DocumentCopy
from customers.queries.locked import lock_customer
from customers.services.copy_content import CopyContent


@transaction.atomic
def keep_copies(
    *,
    customer_id: int,
    copies: Mapping[str, CopyContent],
    at: datetime,
    by_id: int | None = None,
) -> list[DocumentCopy]:
    """Keep these sides of the customer's main document; the same picture again is kept once.

    An earlier copy of a side stays: who changed what is seen by comparing. Locks: the customer.
    """
    customer = lock_customer(customer_id)
    document = Document.objects.select_related("customer").get(customer=customer, main=True)
    kept = []
    for side, copy in copies.items():
        digest = hashlib.sha256(copy.content).hexdigest()
        known = DocumentCopy.objects.filter(document=document, side=side, digest=digest)
        if known.exists():
            continue
        made = DocumentCopy(
            document=document,
            side=side,
            content_type=copy.content_type,
            content=b64encode(copy.content).decode(),
            size_bytes=len(copy.content),
            digest=digest,
            taken_at=at,
            taken_by_id=by_id,
        )
        made.save(force_insert=True)
        kept.append(made)
    if kept:
        audit.record(
            action="customer.copy_document",
            subject=f"customer:{customer.pk}",
            customer_id=customer.pk,
            staff_id=by_id,
            at=at,
            detail={"copies": [one.pk for one in kept], "document": document.pk},
        )
    return kept
