"""销户结案: a number that was given up is closed for good, and what its account owes stays owed."""

from datetime import datetime

from django.db import transaction

from billing.models import DebtStop, PayRelation
from billing.queries.endings import closes_from
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.periods import business_date
from customers.models import Subscription
from customers.queries.locked import lock_subscription
from customers.services import subscriptions

NOT_PRE_TERMINATED = "该用户不在预销号状态，不能销户结案；请刷新页面查看。"
TOO_EARLY = "预销号未满 90 天，%(day)s 起可以销户结案。"


@transaction.atomic
def close(*, subscription_id: int, at: datetime, by_id: int | None) -> Subscription:
    """End a pre-terminated subscription when its number's quarantine is over (CRD-4).

    Its bills, its account and its debts stay as they are; nobody pays for it any more.
    Raises: BadInputError. Locks: the subscription.
    """
    line = lock_subscription(subscription_id)
    if line.state != Subscription.State.PRE_TERMINATED:
        raise BadInputError(("", NOT_PRE_TERMINATED))
    day = closes_from(line)
    if business_date(at) < day:
        raise BadInputError(("", Sentence(TOO_EARLY, day=f"{day}")))
    ended = subscriptions.terminate(subscription_id=line.pk, at=at)
    DebtStop.objects.filter(subscription=line, lifted_at__isnull=True).update(lifted_at=at)
    PayRelation.objects.filter(subscription=line, valid_until__isnull=True).update(valid_until=at)
    audit.record(
        action="subscription.close",
        subject=f"subscription:{line.pk}",
        customer_id=line.owner_id,
        staff_id=by_id,
        at=at,
        detail={"could_be_closed_from": f"{day}"},
    )
    return ended
