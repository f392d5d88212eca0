"""How a customer is named where it is shown: companies by name, persons with it masked."""

from bss.kernel.masking import masked_name
from customers.models import Customer


def shown_name(customer: Customer) -> str:
    """The name as lists, heads, papers, exports and the open interface give it."""
    if customer.kind == Customer.Kind.INDIVIDUAL:
        return masked_name(customer.name)
    return customer.name
