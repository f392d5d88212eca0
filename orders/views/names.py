"""How orders and their customers are named on pages and in exports; persons are masked."""

from bss.kernel.masking import masked_name
from customers.models import Customer


def customer_name(customer: Customer) -> str:
    if customer.kind == Customer.Kind.INDIVIDUAL:
        return masked_name(customer.name)
    return str(customer.name)
