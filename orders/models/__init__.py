from orders.models.order import Order, WorkOrder
from orders.models.resource import NumberResource

__all__ = ["NumberResource", "Order", "WorkOrder"]
