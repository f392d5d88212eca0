"""Customers that may be the one who is being registered."""

from django.db.models import Q

from bss.kernel.sealing import blind_index
from customers.models import Customer
from customers.rules.documents import indexed_number


def likely_duplicates(
    *, name: str = "", document_number: str = "", phone: str = "", besides_id: int | None = None
) -> list[Customer]:
    """Those with the same document, or with the same name and contact phone."""
    same = Q()
    if document_number.strip():
        same |= Q(documents__number_index=blind_index(indexed_number(document_number)))
    if name.strip() and phone.strip():
        same |= Q(name=name.strip(), contacts__phone=phone.strip())
    if not same:
        return []
    found = Customer.objects.filter(same).distinct().order_by("id")
    if besides_id is not None:
        found = found.exclude(pk=besides_id)
    return list(found[:10])
