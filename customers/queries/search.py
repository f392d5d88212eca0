"""Finding customers: by a number of theirs, a document, a name or a part of it.

The exact number comes first, then the document, then names in alphabetical order.
"""

from dataclasses import dataclass
from itertools import chain

from django.db.models import Q, QuerySet

from bss.kernel.sealing import blind_index
from customers.models import Customer
from customers.rules.documents import indexed_number
from customers.rules.name_grams import plain_name, wanted_grams

LIMIT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHit:
    """A customer that was found, and by what: number, document, code or name."""

    customer: Customer
    by: str


def search_customers(
    text: str, scope: QuerySet[Customer] | None = None, *, limit: int = LIMIT
) -> list[CustomerHit]:
    """The customers that ``text`` finds among those of ``scope`` (all when it is None)."""
    wanted = text.strip()
    if not wanted:
        return []
    customers = Customer.objects.all() if scope is None else scope
    hits: dict[int, CustomerHit] = {}
    found = chain(
        ((customer, "number") for customer in by_number(wanted, customers)[:limit]),
        ((customer, "document") for customer in by_document(wanted, customers)[:limit]),
        ((customer, "code") for customer in by_code(wanted, customers)),
        ((customer, "name") for customer in by_name(wanted, customers)[:limit]),
    )
    for customer, by in found:
        hits.setdefault(customer.pk, CustomerHit(customer=customer, by=by))
    return list(hits.values())[:limit]


def by_number(number: str, customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Owners of a subscription with exactly this number."""
    digits = number.replace(" ", "").replace("-", "")
    if not digits.isdigit():
        return customers.none()
    return customers.filter(subscriptions__number=digits).distinct()


def by_code(code: str, customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Whose code this is, or was before two records became one."""
    asked = code.upper()
    return customers.filter(
        Q(code=asked, merged_into__isnull=True) | Q(absorbed__code=asked)
    ).distinct()


def by_document(number: str, customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Whose document has exactly this number; found by its blind index, nothing is opened."""
    return customers.filter(documents__number_index=blind_index(indexed_number(number))).distinct()


def by_name(text: str, customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Whose name contains the text, two characters or one are enough: the index has both."""
    wanted = wanted_grams(text)
    if not wanted:
        return customers.none()
    found = customers.filter(name_bigrams__contains=wanted)
    if len(plain_name(text)) > 2:
        found = found.filter(name__icontains=text.strip())
    return found.order_by("name", "id")
