"""What a credit run of a day would do, to whom and why; nothing is written and nothing locked."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, Sum

from billing.models import Account, Bill, ReminderStep
from billing.queries import credit_causes
from billing.queries.promises import held_until
from bss.kernel.periods import business_date
from customers.models import Customer, Subscription

SHOWN_AT_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldStop:
    """A subscription that would be stopped, the account whose debt does it, and since when."""

    line: Subscription
    account: Account
    overdue_fen: int
    overdue_since: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The counts are of everything; of the rows the first are shown. Units: subscriptions,
    accounts in ``reminded``."""

    at: datetime
    stops: int
    would_stop: tuple[WouldStop, ...]
    blacklisted: tuple[Subscription, ...]
    pre_terminated: tuple[Subscription, ...]
    reminded: tuple[tuple[ReminderStep, int], ...]
    promised: int

    @property
    def reminders(self) -> int:
        return sum(number for _, number in self.reminded)


def rehearse(*, at: datetime) -> Rehearsal:
    """The run of ``at``'s day as it stands now. Payments until then may change it."""
    causes = [one for one in credit_causes.stops(at=at) if one.active]
    due = credit_causes.reminders(at=at)
    steps = ReminderStep.objects.in_bulk({one.step_id for one in due})
    told = Counter(step for _, step in {(one.account_id, one.step_id) for one in due})
    active_black = Subscription.objects.filter(
        state=Subscription.State.ACTIVE, owner__listed=Customer.Listed.BLACK
    )
    ending = credit_causes.pre_terminations(at=at)
    return Rehearsal(
        at=at,
        stops=len({one.subscription_id for one in causes}),
        would_stop=_would_stop(causes[:SHOWN_AT_MOST], at=at),
        blacklisted=tuple(active_black.select_related("owner").order_by("pk")[:SHOWN_AT_MOST]),
        pre_terminated=tuple(
            Subscription.objects.filter(pk__in=ending).select_related("owner").order_by("pk")
        ),
        reminded=tuple((steps[key], number) for key, number in sorted(told.items())),
        promised=len(held_until(on=business_date(at))),
    )


def _would_stop(causes: list[credit_causes.StopCause], *, at: datetime) -> tuple[WouldStop, ...]:
    lines = Subscription.objects.select_related("owner").in_bulk(
        {one.subscription_id for one in causes}
    )
    accounts = Account.objects.select_related("owner").in_bulk({one.account_id for one in causes})
    overdue = {
        row["account"]: row
        for row in Bill.objects.filter(
            account__in=accounts, due_on__lt=business_date(at), paid_fen__lt=F("total_fen")
        )
        .order_by()
        .values("account")
        .annotate(fen=Sum(F("total_fen") - F("paid_fen")), since=Min("due_on"))
    }
    return tuple(
        WouldStop(
            line=lines[one.subscription_id],
            account=accounts[one.account_id],
            overdue_fen=overdue[one.account_id]["fen"],
            overdue_since=overdue[one.account_id]["since"],
        )
        for one in causes
    )
