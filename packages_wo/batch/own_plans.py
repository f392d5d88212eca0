"""Own plans change on the 1st, many at once."""

from collections.abc import Mapping
from datetime import date, datetime

from bss.kernel.periods import day_start
from customers.models import Subscription
from customers.rules.services import BROADBAND
from packages_wo.models import Membership, PlanChange, SubscriptionPlan
from packages_wo.rules.catalogue import Catalogue


def apply_plan_changes(*, on: date, catalogue: Catalogue) -> int:
    """Apply what is due on or before the 1st, dated that 1st; gives how many changed.

    Of several for a subscription the last one counts. A broadband's speed goes with its plan,
    unless a bundle gives it another. Source: EFF-4; scenarios README "Work orders".
    Locks: the due rows.
    """
    due = list(
        PlanChange.objects.select_for_update()
        .filter(state=PlanChange.State.DUE, effective_on__lte=on)
        .order_by("effective_on", "completed_at", "id")
    )
    if not due:
        return 0
    last = {change.subscription_id: change for change in due}
    applied = [change.pk for change in last.values()]
    PlanChange.objects.filter(pk__in=applied).update(state=PlanChange.State.APPLIED)
    PlanChange.objects.filter(pk__in=[c.pk for c in due]).exclude(pk__in=applied).update(
        state=PlanChange.State.SUPERSEDED
    )
    plans = {subscription_id: change.plan for subscription_id, change in last.items()}
    replace_own_plans(plans, at=day_start(on))
    _set_speeds(plans, catalogue=catalogue)
    return len(applied)


def replace_own_plans(plans: Mapping[int, str], *, at: datetime) -> None:
    """These subscriptions have these plans from ``at`` on; who has it already keeps its row."""
    if not plans:
        return
    rows = SubscriptionPlan.objects.filter(subscription__in=plans, valid_until__isnull=True)
    ends, begins, corrected = [], [], []
    for row in rows:
        plan = plans[row.subscription_id]
        if row.plan == plan:
            continue
        if row.valid_from >= at:
            row.plan = plan
            corrected.append(row)
        else:
            ends.append(row.pk)
            begins.append(
                SubscriptionPlan(subscription_id=row.subscription_id, plan=plan, valid_from=at)
            )
    SubscriptionPlan.objects.filter(pk__in=ends).update(valid_until=at)
    SubscriptionPlan.objects.bulk_create(begins)
    SubscriptionPlan.objects.bulk_update(corrected, ["plan"])


def _set_speeds(plans: Mapping[int, str], *, catalogue: Catalogue) -> None:
    in_bundles = Membership.objects.filter(
        state=Membership.State.IN_FORCE, part=Membership.Part.BASE
    )
    lines = list(
        Subscription.objects.select_for_update()
        .filter(pk__in=plans, service=BROADBAND)
        .exclude(pk__in=in_bundles.values("subscription"))
        .order_by("pk")
    )
    for line in lines:
        line.speed_kbps = catalogue.plans[plans[line.pk]].speed_kbps
    Subscription.objects.bulk_update(lines, ["speed_kbps"])
