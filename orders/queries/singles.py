"""The facts by which single-user business is decided."""

from datetime import datetime

from billing.queries import debts
from billing.queries.payers import payers_of
from bss.kernel.periods import business_date
from customers.models import Subscription
from orders.rules.operations import CREDIT_CHECKED, NEEDS_A_SETTLED_PAYER, Facts


def facts_of(type_: str, subscription: Subscription, *, at: datetime) -> Facts:
    """The subscription and its payer, as ``orders.rules.operations`` looks at them."""
    owes = overdue = False
    if type_ in CREDIT_CHECKED | NEEDS_A_SETTLED_PAYER:
        accounts = set(payers_of([subscription.pk], at).values())
        if type_ in CREDIT_CHECKED:
            overdue = bool(debts.overdue_accounts(accounts, business_date(at)))
        else:
            owes = bool(debts.owing_accounts(accounts))
    return Facts(
        number=subscription.number,
        state=subscription.state,
        payer_owes=owes,
        payer_overdue=overdue,
    )
