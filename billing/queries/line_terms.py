"""What a usage line was priced by: the pool of its month, the plan, the tariff, the prices."""

from dataclasses import dataclass

from django.db.models import Q

from billing.models import BillLine
from billing.rules.rating import STANDARD_TARIFFS
from bss.kernel.periods import Month
from customers.models import Subscription
from packages_wo.models import Membership, Pool, SubscriptionPlan
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.names import plan_name
from packages_wo.rules.catalogue import Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTerms:
    """``pool`` is None outside a bundle; ``tariff`` prices what no allowance covers."""

    pool: Pool | None
    shares_pool: bool
    plan: str
    tariff: Tariff | None
    overflow_hao: int
    vpn_3g_minutes: int


def terms_of_line(line: BillLine) -> LineTerms | None:
    """The terms of the line's month; None for a fee, and for a debt from before the system."""
    if line.bill.month is None or line.subscription is None or line.usage_hao is None:
        return None
    month = Month.of(line.bill.month)
    catalogue = catalogue_on(month.first_day)
    member = _member(line.subscription, month)
    shares = member is not None and _shares(member, line.subscription)
    own = (
        SubscriptionPlan.objects.filter(
            subscription=line.subscription, valid_from__lt=month.ends_at
        )
        .order_by("-valid_from")
        .first()
    )
    plan = catalogue.plans.get(own.plan) if own else None
    tariff_code = STANDARD_TARIFFS.get(line.subscription.service, "") if shares else ""
    tariff_code = tariff_code or (plan.tariff if plan else "")
    pool = (
        Pool.objects.filter(bundle=member.bundle_id, month=month.first_day).first()
        if member
        else None
    )
    return LineTerms(
        pool=pool,
        shares_pool=shares,
        plan=plan_name(plan) if plan else "",
        tariff=catalogue.tariffs.get(tariff_code),
        overflow_hao=catalogue.overflow_per_minute_hao,
        vpn_3g_minutes=catalogue.vpn_3g_minutes,
    )


def _member(subscription: Subscription, month: Month) -> Membership | None:
    members = Membership.objects.filter(
        subscription=subscription,
        state__in=(Membership.State.IN_FORCE, Membership.State.ENDED),
        valid_from__lte=month.first_day,
    )
    in_force = members.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=month.first_day))
    return in_force.order_by("-valid_from").first()


def _shares(member: Membership, subscription: Subscription) -> bool:
    """Whether it draws on the pool. Source: RAT-2."""
    return member.part != Membership.Part.VPN_TERMINAL and subscription.service in STANDARD_TARIFFS
