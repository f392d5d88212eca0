"""What an order installs: a pending subscription with an own account from acceptance on (PAR-5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from billing.services import accounts
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from customers.models import Subscription
from customers.services import subscriptions
from orders.rules.requests import Named, NewSubscription
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.rules.catalogue import Catalogue, Plan
from packages_wo.services import holdings


def create(
    new: Iterable[NewSubscription], *, customer_id: int, at: datetime
) -> dict[str, Subscription]:
    """Each new subscription by the key that the order names it by, pending, its plan chosen.

    Raises: BadInputError for a plan that is not for the service, or a number that is taken.
    """
    created: dict[str, Subscription] = {}
    for wanted in new:
        catalogue = catalogue_on(business_date(at))
        subscription = subscriptions.create(
            owner_id=wanted.owner_id or customer_id,
            service=wanted.service,
            number=wanted.number,
            area=wanted.area,
            line=wanted.line,
            payment=wanted.payment,
            real_name=wanted.real_name,
            speed_kbps=plan_for(wanted.plan, wanted.service, catalogue).speed_kbps,
            install_address=wanted.install_address,
            home_areas=catalogue.home_areas,
            at=at,
        )
        holdings.start_plan(subscription_id=subscription.pk, plan=wanted.plan, at=at)
        accounts.open_independent(subscription_id=subscription.pk, at=at)
        created[wanted.key] = subscription
    return created


def plan_for(code: str, service: str, catalogue: Catalogue) -> Plan:
    """The plan of this code, which is for this service. Raises: BadInputError."""
    plan = catalogue.plans.get(code)
    if plan is None:
        raise BadInputError(("plan", "产品目录中没有这个套餐。"))
    if plan.service != service:
        raise BadInputError(("plan", "此套餐不适用于该业务类型。"))
    return plan


def resolved(named: Named, created: Mapping[str, Subscription]) -> int:
    """The id of a subscription that is there, or that this order makes."""
    if isinstance(named, int):
        return named
    if named not in created:
        raise BadInputError((f"new.{named}", "订单中没有这个新装用户。"))
    return created[named].pk
