"""The daily credit run: pre-termination, the blacklist, stops for debt, reminders (CRD, CAN-6)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models.functions import Now

from billing.models import CreditRun, DebtStop, ParkedAccount, ReminderStep
from billing.queries import credit_causes
from billing.queries.locked import alone_in_the_credit_run, hold_accounts
from billing.services import exposure, reminders
from billing.services.credit_steps import Outcome, in_lots, park
from bss.kernel import audit
from bss.kernel.periods import business_date
from customers.models import Customer, Subscription
from customers.services import lists, subscriptions

Step = ParkedAccount.Step
Anchor = ReminderStep.Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditReport:
    """How many subscriptions each part of the run moved, and how many reminders it wrote."""

    pre_terminated: int
    blacklisted: int
    stopped: int
    reminded: int
    parked: int


def run(*, at: datetime, by_id: int | None = None) -> CreditReport:
    """The run of ``at``'s day; each part looks at the states that the one before left.

    A second run of the day finds what has changed since, and nothing else; one that was killed is
    taken up by the next. Before a lot is stopped its accounts are held and looked at once more: a
    payment came before, and nothing is stopped, or comes after, and lifts the stop.
    Source: CRD-4, then CAN-6, then CRD-1 and CRD-3; docs/adr, "nobody is told twice".
    Locks:  one run at a time; of each lot the accounts, then the subscriptions that it moves.
    """
    with alone_in_the_credit_run():
        row = CreditRun.objects.create(at=at, by_id=by_id, started_at=Now())
        lists.end_expired(at=at)
        report = CreditReport(
            pre_terminated=_pre_terminate(at=at),
            blacklisted=_stop_blacklisted(at=at),
            stopped=_stop_for_debt(at=at),
            reminded=_remind(at=at) + exposure.warn(at=at),
            parked=ParkedAccount.objects.filter(freed_at__isnull=True).count(),
        )
        CreditRun.objects.filter(pk=row.pk).update(**asdict(report), finished_at=Now())
    return report


def _pre_terminate(*, at: datetime) -> int:
    """What has been in debt stop for 90 days or more, by the day. Source: CRD-4."""
    causes = credit_causes.pre_terminations(at=at)

    def act(subscription_ids: Sequence[int]) -> int:
        hold_accounts(_accounts(credit_causes.pre_terminations(at=at, of=subscription_ids)))
        due = credit_causes.pre_terminations(at=at, of=subscription_ids)
        with audit.as_one(action="credit_run", subject=_subject(at), at=at) as told:
            ended = subscriptions.pre_terminate(subscription_ids=sorted(due), at=at)
            told.update(step=Step.PRE_TERMINATE.value, subscriptions=ended)
        gone = {key: due[key] for key in ended}
        reminders.tell(Anchor.PRE_TERMINATED, account_ids=_accounts(gone), at=at)
        return len(ended)

    outcome = in_lots(sorted(causes), act)
    _park_by_account(outcome, causes, at=at)
    return outcome.done


def _stop_blacklisted(*, at: datetime) -> int:
    """Every active subscription of a blacklisted owner, whoever pays for it. Source: CAN-6."""
    active = Subscription.objects.filter(
        state=Subscription.State.ACTIVE, owner__listed=Customer.Listed.BLACK
    )
    ids = list(active.order_by("pk").values_list("pk", flat=True))

    def act(some: Sequence[int]) -> int:
        reason = Subscription.StopReason.BLACKLIST
        with audit.as_one(action="credit_run", subject=_subject(at), at=at) as told:
            stopped = subscriptions.suspend(subscription_ids=some, reason=reason, at=at)
            told.update(step=reason.value, subscriptions=stopped)
        return len(stopped)

    return in_lots(ids, act).done


def _stop_for_debt(*, at: datetime) -> int:
    """Together, what overdue accounts stop; each stop remembers its accounts. Source: CRD-1."""

    def act(account_ids: Sequence[int]) -> int:
        hold_accounts(account_ids)
        causes = credit_causes.stops(at=at, account_ids=account_ids)
        active = sorted({one.subscription_id for one in causes if one.active})
        with audit.as_one(action="credit_run", subject=_subject(at), at=at) as told:
            stopped = subscriptions.suspend(
                subscription_ids=active, reason=Subscription.StopReason.DEBT, at=at
            )
            told.update(step=Step.STOP.value, accounts=list(account_ids), subscriptions=stopped)
        caused = [one for one in causes if not one.active or one.subscription_id in set(stopped)]
        DebtStop.objects.bulk_create(
            DebtStop(subscription_id=one.subscription_id, account_id=one.account_id, stopped_at=at)
            for one in caused
        )
        reminders.tell(Anchor.STOPPED, account_ids={one.account_id for one in caused}, at=at)
        return len(stopped)

    accounts = sorted({one.account_id for one in credit_causes.stops(at=at)})
    outcome = in_lots(accounts, act)
    park(Step.STOP, outcome, at=at)
    return outcome.done


def _remind(*, at: datetime) -> int:
    """Each step that is due, of each bill once. Nothing is held: sending looks again."""
    due = credit_causes.reminders(at=at)

    def act(account_ids: Sequence[int]) -> int:
        return reminders.remind(credit_causes.reminders(at=at, account_ids=account_ids), at=at)

    outcome = in_lots(sorted({one.account_id for one in due}), act)
    park(Step.REMIND, outcome, at=at)
    return outcome.done


def _park_by_account(outcome: Outcome, causes: dict[int, list[int]], *, at: datetime) -> None:
    """A subscription that failed parks the accounts that keep it stopped."""
    failed = {
        account: reason
        for subscription, reason in outcome.failed.items()
        for account in causes[subscription]
    }
    park(Step.PRE_TERMINATE, Outcome(done=outcome.done, failed=failed), at=at)


def _accounts(causes: dict[int, list[int]]) -> list[int]:
    return sorted({account for accounts in causes.values() for account in accounts})


def _subject(at: datetime) -> str:
    return f"credit_run:{business_date(at)}"
