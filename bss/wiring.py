"""The one table of what happens when: event → handlers, and the schedule of the business clock.

Facts flow down by calls, events flow up through here (docs/adr). A handler takes ``at`` and the
event's payload; a job takes the moment at which it was due.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from billing.services import credit_control, month_end, month_start
from bss.kernel.outbox import Handler
from bss.kernel.periods import Month
from bss.kernel.schedule import Daily, Every, Job, Monthly
from customers.models import Subscription
from orders.services import resources, withdrawal
from orders.tasks import provisioning


def lapse_orders(*, at: datetime, order_refs: Sequence[str], **_: Any) -> None:
    """Orders of a bundle that has ended for debt end with it (CRD-4)."""
    withdrawal.lapse(order_refs=order_refs, at=at)


def quarantine_number(*, at: datetime, subscription_id: int, **_: Any) -> None:
    """A pre-terminated number is nobody's for 90 days (CRD-4)."""
    number = Subscription.objects.values_list("number", flat=True).get(pk=subscription_id)
    resources.quarantine(numbers=[number], at=at)


def start_month(*, at: datetime) -> None:
    """The 1st, 00:00: what is due takes effect (EFF-5)."""
    month_start.start_month(month=Month.of(at), at=at)


def close_month(*, at: datetime) -> None:
    """The 3rd: the bills of the month before are issued (CRD-2)."""
    month_end.close_month(month=Month.of(at).previous, at=at)


EVENTS: Mapping[str, Sequence[Handler]] = {
    "order.accepted": (provisioning.start,),
    "work_orders.done": (provisioning.start,),
    "work_orders.ready": (provisioning.start,),
    "bundle.orders_lapsed": (lapse_orders,),
    "subscription.pre_terminated": (quarantine_number,),
}

SCHEDULE: Sequence[Job] = (
    Job("month_start", Monthly(day=1, at=time(0)), start_month),
    Job("credit_run", Daily(at=time(1)), credit_control.run),
    Job("close_month", Monthly(day=3, at=time(2)), close_month),
    Job("release_numbers", Every(minutes=5), resources.release_expired, catch_up=False),
    Job("provisioning_sweep", Every(minutes=1), provisioning.sweep, catch_up=False),
)
