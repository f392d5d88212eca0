"""Online money of the world: a code that waits, and a day of a gateway with a difference."""

from datetime import datetime

from billing.models import Account
from channels.models import Channel
from tests.builders.gateways import a_gateway_day


def about_a_gateway(
    number: int, channel: Channel, account: Account, *, at: datetime
) -> dict[str, str]:
    line = a_gateway_day(account, number, channel=channel, at=at)
    assert line.order is not None
    paid = account.gateway_orders.get(state="paid")
    return {
        "qr": line.order.number,
        "paid_qr": paid.number,
        "reconciliation": str(line.reconciliation_id),
        "reconciliation_line": str(line.pk),
    }
