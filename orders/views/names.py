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


VALUE_ADDED = {
    "caller_id": gettext_lazy("来电显示"),
    "colour_ring": gettext_lazy("炫铃"),
    "call_waiting": gettext_lazy("呼叫等待"),
    "short_number": gettext_lazy("短号互拨"),
    "group_mail": gettext_lazy("企业邮箱"),
}


def product_name(code: str) -> str:
    """A value-added product in the reader's words; one without a word by its code."""
    return str(VALUE_ADDED.get(code, code))


def in_words(choices: Iterable[tuple[str, str]]) -> list[tuple[str, Any]]:
    """A model's choices as a form offers them: in the reader's language."""
    return [(value, gettext_lazy(word)) for value, word in choices]
