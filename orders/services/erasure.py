"""Orders of an erased customer stay as they were worked; names that were asked for go."""

from django.db import transaction
from django.db.models import F, Func, JSONField, Value

from orders.models import Order

ACCOUNT_NAME = "account_name"


@transaction.atomic
def forget_customer(*, customer_id: int) -> int:
    """Gives how many orders there were."""
    nameless = Func(
        F("request"),
        Value(ACCOUNT_NAME),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=JSONField(),
    )
    return Order.objects.filter(customer=customer_id).update(request=nameless)
