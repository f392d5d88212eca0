"""How orders and their customers are named on pages and in exports; persons are masked."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from bss.kernel.masking import masked_name
from customers.models import Customer


def customer_name(customer: Customer) -> str:
    if customer.kind == Customer.Kind.INDIVIDUAL:
        return masked_name(customer.name)
    return str(customer.name)


def in_words(choices: Iterable[tuple[str, str]]) -> list[tuple[str, Any]]:
    """A model's choices as a form offers them: in the reader's language."""
    return [(value, gettext_lazy(word)) for value, word in choices]
