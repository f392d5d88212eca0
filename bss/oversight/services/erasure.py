"""Erasing a customer through all apps, when nothing speaks against it any more."""

from datetime import datetime

from django.db import transaction

from billing.queries.accounts import accounts_of
from billing.services import erasure as billing_erasure
from bss.kernel.errors import BadInputError
from complaints.queries.case_file import open_cases_of
from complaints.services import erasure as complaints_erasure
from customers.models import Customer
from customers.services import erasure as customers_erasure
from orders.models import Order
from orders.services import erasure as orders_erasure
from packages_wo.models import Bundle

BUNDLES = "此客户还有生效中或待生效的融合套餐，不能删除个人信息；请先解除套餐。"
ORDERS = "此客户还有未竣工的订单，不能删除个人信息；请等竣工或先撤单。"
CASES = "此客户还有未归档的案件，不能删除个人信息；请先办结。"
DEBTS = "此客户的帐户还有欠费，不能删除个人信息；请先缴清。"
BALANCES = "此客户的帐户还有余额，不能删除个人信息；请先清退。"


def obstacles_of(customer: Customer, *, at: datetime) -> list[str]:
    """Everything that speaks against erasing this customer now, each with what to do."""
    accounts = accounts_of(customer.pk, at=at)
    bundles = Bundle.objects.filter(
        customer=customer, state__in=[Bundle.State.PENDING, Bundle.State.IN_FORCE]
    )
    orders = Order.objects.filter(
        customer=customer, state__in=[Order.State.ACCEPTED, Order.State.IN_PROGRESS]
    )
    return customers_erasure.own_obstacles(customer, at=at) + [
        sentence
        for sentence, is_so in (
            (BUNDLES, bundles.exists()),
            (ORDERS, orders.exists()),
            (CASES, open_cases_of(customer.pk).exists()),
            (DEBTS, any(account.due_fen for account in accounts)),
            (BALANCES, any(account.balance_fen for account in accounts)),
        )
        if is_so
    ]


@transaction.atomic
def erase(*, customer_id: int, reason: str, at: datetime, by_id: int | None) -> Customer:
    """Erase the customer, what was said in cases and what accounts and orders were called.

    Raises: BadInputError with every obstacle; Customer.DoesNotExist.
    Locks: the customer, before anything is asked.
    """
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    if obstacles := obstacles_of(customer, at=at):
        raise BadInputError(*(("", sentence) for sentence in obstacles))
    touched = {
        "cases": complaints_erasure.forget_customer(customer_id=customer_id),
        "orders": orders_erasure.forget_customer(customer_id=customer_id),
        "accounts": billing_erasure.forget_customer(customer_id=customer_id),
    }
    return customers_erasure.erase_customer(
        customer_id=customer_id, reason=reason, at=at, by_id=by_id, detail=dict(touched)
    )
