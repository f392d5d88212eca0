"""Event → handlers. A handler takes ``at`` and the event's payload."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bss.kernel.outbox import Handler
from bss.oversight.services.outcomes import tell_the_asker
from bss.wiring.schedule import close_approved
from channels.services.interfaces import register_interface
from customers.models import Subscription
from customers.services.merging import gather_stragglers
from orders.services import resources, withdrawal
from orders.tasks import provisioning


def lapse_orders(*, at: datetime, order_refs: Sequence[str], **_: Any) -> None:
    """Orders of a bundle that has ended for debt end with it (CRD-4)."""
    withdrawal.lapse(order_refs=order_refs, at=at)


def quarantine_numbers(*, at: datetime, subscription_ids: Sequence[int], **_: Any) -> None:
    """Pre-terminated numbers are nobody's for 90 days (CRD-4)."""
    found = Subscription.objects.filter(pk__in=subscription_ids)
    resources.quarantine(numbers=found.values_list("number", flat=True), at=at)


EVENTS: Mapping[str, Sequence[Handler]] = {
    "month.approved": (close_approved,),
    "customer.merged": (gather_stragglers,),
    "interface.opened": (register_interface,),
    "approval.settled": (tell_the_asker,),
    "order.accepted": (provisioning.start,),
    "work_orders.done": (provisioning.start,),
    "work_orders.ready": (provisioning.start,),
    "bundle.orders_lapsed": (lapse_orders,),
    "subscription.suspended": (provisioning.stop_lines,),
    "subscription.stop_lifted": (provisioning.restore_lines,),
    "subscription.pre_terminated": (quarantine_numbers, provisioning.remove_lines),
}
