"""How pages name a customer: companies by name, persons with their name masked."""

from bss.kernel.masking import masked_name
from customers.models import Customer


def shown_name(customer: Customer) -> str:
    """The name as lists, heads and exports show it."""
    if customer.kind == Customer.Kind.INDIVIDUAL:
        return masked_name(customer.name)
    return customer.name
