from orders.models.network_order import NetworkOrder
from orders.models.order import Order, WorkOrder
from orders.models.resource import NumberResource

__all__ = ["NetworkOrder", "NumberResource", "Order", "WorkOrder"]
