"""One-off fees: billed in the month in which the order is completed, or withdrawn."""

from collections.abc import Iterable
from datetime import datetime

from billing.services import charges
from bss.kernel.periods import Month, business_date
from orders.models import Order, WorkOrder
from orders.rules.fees import single_fee_fen
from packages_wo.queries.catalogue import catalogue_on

INSTALLATION = "installation"
TELECOM = "voice"
CHARGED = frozenset({Order.Type.CHANGE_NUMBER, Order.Type.REPLACE_SIM, Order.Type.TRANSFER})


def charge_installs(order: Order, done: Iterable[WorkOrder], *, at: datetime) -> None:
    """The install fee of every subscription that the order has put into service. Source: EFF-6."""
    installed = [each.subscription for each in done if each.type == WorkOrder.Type.INSTALL]
    if not installed:
        return
    fees = catalogue_on(business_date(at)).fees
    for subscription in installed:
        amount_fen = fees.install_fen.get(subscription.service, 0)
        _charge(order, subscription.pk, amount_fen, category=INSTALLATION, at=at)


def charge_single(order: Order, subscription_id: int, *, at: datetime) -> None:
    """The fee of a number change, a new SIM or a transfer; other business is free."""
    if order.type not in CHARGED:
        return
    amount_fen = single_fee_fen(order.type, catalogue_on(business_date(at)).fees)
    _charge(order, subscription_id, amount_fen, category=TELECOM, at=at)


def _charge(
    order: Order, subscription_id: int, amount_fen: int, *, category: str, at: datetime
) -> None:
    if not amount_fen:
        return
    charges.charge_once(
        subscription_id=subscription_id,
        amount_fen=amount_fen,
        category=category,
        order_ref=order.code,
        arose_at=at,
        month=Month.of(at),
        memo=order.get_type_display(),
    )
