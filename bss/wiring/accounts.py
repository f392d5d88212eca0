"""What hangs on a person or a place: handed over with the one, keeping the other open."""

from collections.abc import Sequence

from bss.identity.duties import Duty, Use
from bss.identity.services import interface_handovers
from channels.models import Channel
from complaints.services import handovers as case_handovers
from customers.models import Customer
from customers.services import handovers as customer_handovers


def count_channels(organisation_id: int) -> int:
    """Channels of this place that are open."""
    return Channel.objects.filter(organisation=organisation_id, active=True).count()


def count_customers(organisation_id: int) -> int:
    """Customers that this place looks after."""
    return Customer.objects.filter(organisation=organisation_id).count()


STAFF_DUTIES: Sequence[Duty] = (
    Duty(
        title="名下客户",
        permission="customer.view",
        count=customer_handovers.count_customers,
        hand_over=customer_handovers.hand_over_customers,
    ),
    Duty(
        title="在办案件",
        permission="case.handle",
        count=case_handovers.count_cases,
        hand_over=case_handovers.hand_over_cases,
    ),
    Duty(
        title="负责的接口号",
        permission="api.use",
        count=interface_handovers.count_interfaces,
        hand_over=interface_handovers.hand_over_interfaces,
    ),
)

ORGANISATION_USES: Sequence[Use] = (
    Use(title="在用渠道", count=count_channels),
    Use(title="归属客户", count=count_customers),
)
