"""Month start 月初切换: what is due takes effect; payers switch, ledgers follow (EFF-5)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from billing.batch.rate_usage import rate_what_came_early
from billing.batch.switch_payers import pay_by, pay_by_own
from billing.models import BundleAccount, PayRelation, StartedMonth
from billing.queries.locked import lock_books
from billing.services.leaving_money import free_special_money, leave_with_money
from billing.services.releases import release_parts
from bss.kernel import audit, progress
from bss.kernel.errors import BadInputError
from bss.kernel.outbox import announce
from bss.kernel.periods import Month
from customers.models import Service, Subscription
from packages_wo.models import Membership
from packages_wo.rules.effects import Effect
from packages_wo.services.month_start import apply_due

Members = Iterable[tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthStartReport:
    """What a month start did; a second one has done nothing (``already``)."""

    already: bool = False
    plan_changes: int = 0
    bundles: int = 0
    pools_opened: int = 0
    released_fen: int = 0


@transaction.atomic
def start_month(*, month: Month, at: datetime) -> MonthStartReport:
    """Apply everything that is due by the month's 1st, dated its 00:00, exactly once.

    Order: single-user plan changes; endings and changes of bundles as they were ordered, each with
    its payers and ledgers; openings likewise; parts of prepayments.
    Source: EFF-1, EFF-5, CHG-2, CAN-7, ACC-5, ACC-7, CRD-4.
    Locks:  the month's books, then what each part names.
    Raises: BadInputError before the month.
    """
    if at < month.starts_at:
        raise BadInputError(("month", "该月尚未开始，不能月初切换。"))
    lock_books(month)
    _, first = StartedMonth.objects.get_or_create(
        month=month.first_day, defaults={"started_at": at}
    )
    if not first:
        return MonthStartReport(already=True)
    with audit.as_one(action="month_start", subject=f"month_start:{month}", at=at) as told:
        report = _start(month=month, at=at)
        told.update(asdict(report))
    return report


def _start(*, month: Month, at: datetime) -> MonthStartReport:
    done = apply_due(on=month.first_day)
    accounts = _paying_accounts(done.effects)
    services = _services(done.effects)
    for number, effect in enumerate(done.effects, start=1):
        _follow(effect, account_id=accounts[effect.bundle_id], services=services, at=at)
        progress.tell("bundles", number, len(done.effects))
    released_fen = release_parts(month=month, at=at)
    rate_what_came_early(month=month, at=at)
    if done.lapsed_order_refs:
        announce("bundle.orders_lapsed", {"order_refs": list(done.lapsed_order_refs)}, at=at)
    return MonthStartReport(
        plan_changes=done.plan_changes,
        bundles=len(done.effects),
        pools_opened=done.pools_opened,
        released_fen=released_fen,
    )


def _follow(effect: Effect, *, account_id: int, services: Mapping[int, str], at: datetime) -> None:
    """Payers switch at the effect's 1st; the money of those who leave moves."""
    joined = _merged(effect.joined, services, separate_3g=effect.separate_3g)
    pay_by(accounts=dict.fromkeys(joined, account_id), at=effect.at)
    if not effect.left:
        return
    leaving = [subscription_id for subscription_id, _ in effect.left]
    pay_by_own(subscription_ids=_paid_by(account_id, leaving, at=effect.at), at=effect.at)
    leave_with_money(
        account_id=account_id, subscription_ids=leaving, gift_stays=not effect.ended, at=at
    )
    if effect.ended and not _pays_any(account_id, at=effect.at):
        free_special_money(account_id=account_id, at=at)


def _merged(members: Members, services: Mapping[int, str], *, separate_3g: bool) -> list[int]:
    """Whom the unified account pays: base members and shared-minute terminals (ACC-7)."""
    return [
        subscription_id
        for subscription_id, part in members
        if part != Membership.Part.VPN_TERMINAL
        and not (separate_3g and services[subscription_id] == Service.M3G)
    ]


def _paid_by(account_id: int, subscription_ids: Iterable[int], *, at: datetime) -> list[int]:
    relations = _in_force(account_id, at=at).filter(subscription__in=list(subscription_ids))
    return list(relations.values_list("subscription_id", flat=True))


def _pays_any(account_id: int, *, at: datetime) -> bool:
    living = _in_force(account_id, at=at).exclude(subscription__state=Subscription.State.TERMINATED)
    return living.exists()


def _in_force(account_id: int, *, at: datetime) -> QuerySet[PayRelation]:
    relations = PayRelation.objects.filter(account=account_id, valid_from__lte=at)
    return relations.exclude(valid_until__lte=at)


def _paying_accounts(effects: Iterable[Effect]) -> dict[int, int]:
    bundles = {effect.bundle_id for effect in effects}
    links = BundleAccount.objects.filter(bundle__in=bundles)
    return dict(links.values_list("bundle_id", "account_id"))


def _services(effects: Iterable[Effect]) -> dict[int, str]:
    joining = {member for effect in effects for member, _ in effect.joined}
    return dict(Subscription.objects.filter(pk__in=joining).values_list("id", "service"))
