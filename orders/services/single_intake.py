"""单用户业务受理: what is missing or unknown in the form, then what the rules refuse."""

from datetime import datetime

from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from bss.kernel.rulebook import refuse_if_any
from customers.models import Subscription
from customers.queries.locked import lock_subscription
from orders.queries.singles import facts_of
from orders.rules import operations, parsing
from orders.rules.requests import SINGLE_USER_TYPES, SingleOrder
from orders.services.intake import Taken
from orders.services.new_subscriptions import plan_for
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.services import bundles

ENDED = frozenset({Subscription.State.PRE_TERMINATED, Subscription.State.TERMINATED})


def take_single(request: SingleOrder, *, at: datetime) -> Taken:
    """Source: ``packages_wo.rules.member_business``, ``orders.rules.operations``."""
    subscription = lock_subscription(request.subscription_id)
    _check_input(request, subscription, at=at)
    refuse_if_any(
        [
            *bundles.check_single_user(
                type=request.type,
                subscription_id=subscription.pk,
                at=at,
                plan=request.plan,
                new_owner_id=request.to_customer_id,
            ),
            *operations.money_refusals(request.type, facts_of(request.type, subscription, at=at)),
        ]
    )
    spec = parsing.parse_single(request.type, subscription_id=subscription.pk, product=request.vas)
    return Taken(
        specs=(spec,),
        services={subscription.pk: subscription.service},
        subscription_id=subscription.pk,
        new_numbers=(request.number,) if request.type == "change_number" else (),
    )


def _check_input(request: SingleOrder, subscription: Subscription, *, at: datetime) -> None:
    """Raises: BadInputError with what is wrong."""
    if request.type not in SINGLE_USER_TYPES:
        raise BadInputError(("type", "没有这项业务。"))
    if subscription.state in ENDED:
        raise BadInputError(("subscription", "用户已销号，不能办理业务。"))
    catalogue = catalogue_on(business_date(at))
    match request.type:
        case "change_plan":
            plan_for(request.plan, subscription.service, catalogue)
        case "change_number" if not request.number:
            raise BadInputError(("number", "请选择新号码。"))
        case "transfer" if request.to_customer_id in (None, subscription.owner_id):
            raise BadInputError(("to", "请选择新机主；不能过户给现机主。"))
        case "open_vas" | "close_vas":
            if subscription.service not in catalogue.vas.get(request.vas, frozenset()):
                raise BadInputError(("vas", "此增值产品不适用于该业务类型。"))
