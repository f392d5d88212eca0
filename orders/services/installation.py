"""装机开户: the one work order of a bundle that acts when it is done (PAR-13, EFF-2)."""

from collections.abc import Iterable
from datetime import datetime

from customers.services import subscriptions
from orders.models import WorkOrder
from orders.services import resources


def install(work_orders: Iterable[WorkOrder], *, at: datetime) -> None:
    """Put what the install orders among these name into service; its plan goes on (EFF-2)."""
    numbers = []
    for work_order in work_orders:
        if work_order.type != WorkOrder.Type.INSTALL:
            continue
        subscriptions.install(subscription_id=work_order.subscription_id, at=at)
        numbers.append(work_order.subscription.number)
    if numbers:
        resources.take_into_use(numbers=numbers)
