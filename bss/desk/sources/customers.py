"""Customers by number, document, code or a part of their name."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bss.desk.formats import mask_number
from bss.desk.search import Group, Hit
from bss.kernel import access
from customers.models import Customer
from customers.queries.scope import visible_customers
from customers.queries.search import search_customers
from customers.queries.shown_names import shown_name

EXACT = ("number", "document", "code")
LISTED = {"black": "black_listed", "red": "red_listed"}


def find_customers(text: str, staff: Any, limit: int) -> Group | None:
    """Whom the text finds, the exact number first; the detail says what it was found by."""
    if not access.admit(staff, "customer.view"):
        return None
    found = search_customers(text, visible_customers(staff), limit=limit + 1)
    hits = tuple(
        customer_hit(hit.customer, found_by=_by(hit.by, text), exact=hit.by in EXACT)
        for hit in found[:limit]
    )
    more = f"{reverse('customers:list')}?{urlencode({'q': text})}" if len(found) > limit else ""
    return Group(title=_("客户"), hits=hits, more_url=more)


def customer_hit(customer: Customer, *, found_by: str = "", exact: bool = False) -> Hit:
    """A customer as search shows it."""
    return Hit(
        title=shown_name(customer),
        url=reverse("desk:customer", args=[customer.code]),
        detail=" · ".join(part for part in (found_by, customer.code) if part),
        icon="company" if customer.kind == Customer.Kind.ENTERPRISE else "customer",
        kind="customer",
        state=LISTED.get(customer.listed, ""),
        exact=exact,
    )


def _by(found_by: str, text: str) -> str:
    if found_by == "number":
        return _("号码 %(number)s") % {"number": mask_number(text)}
    return _("证件相符") if found_by == "document" else ""
