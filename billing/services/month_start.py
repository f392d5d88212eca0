"""Month start 月初切换: what is due takes effect; payers switch, ledgers follow (EFF-5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from billing.batch.rate_usage import rate_what_came_early
from billing.batch.switch_payers import pay_by, pay_by_own
from billing.models import BundleAccount, Ledger, PayRelation, StartedMonth
from billing.queries.locked import lock_books
from billing.services.leaving_money import free_special_money, leave_with_money
from billing.services.releases import release_parts
from bss.kernel import audit, progress
from bss.kernel.any_of import AnyOf
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
    _follow_all(done.effects, accounts=accounts, services=services, at=at)
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


def _follow_all(
    effects: Sequence[Effect],
    *,
    accounts: Mapping[int, int],
    services: Mapping[int, str],
    at: datetime,
) -> None:
    """Payers switch at the effects' 1st; the money of those who leave moves, in the effects' order.

    Between two that move money the switches are made together: nobody is in two bundles (ELG-9).
    """
    monied = _monied({accounts[effect.bundle_id] for effect in effects if effect.left})
    together: list[Effect] = []
    for number, effect in enumerate(effects, start=1):
        together.append(effect)
        account_id = accounts[effect.bundle_id]
        if effect.left and account_id in monied:
            _switch(together, accounts=accounts, services=services)
            together = []
            _move_money(effect, account_id=account_id, at=at)
        progress.tell("bundles", number, len(effects))
    _switch(together, accounts=accounts, services=services)


def _switch(
    effects: Sequence[Effect], *, accounts: Mapping[int, int], services: Mapping[int, str]
) -> None:
    if not effects:
        return
    pay_by(
        accounts={
            subscription_id: accounts[effect.bundle_id]
            for effect in effects
            for subscription_id in _merged(effect.joined, services, separate_3g=effect.separate_3g)
        },
        at=effects[0].at,
    )
    left = {
        subscription_id: accounts[effect.bundle_id]
        for effect in effects
        for subscription_id, _ in effect.left
    }
    pay_by_own(subscription_ids=_paid_by(left, at=effects[0].at), at=effects[0].at)


def _move_money(effect: Effect, *, account_id: int, at: datetime) -> None:
    leaving = [subscription_id for subscription_id, _ in effect.left]
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


def _paid_by(payers: Mapping[int, int], *, at: datetime) -> list[int]:
    """Those of the subscriptions (keys) that are paid by this account at the moment."""
    if not payers:
        return []
    relations = _in_force(at=at).filter(AnyOf("subscription", payers)).order_by("subscription_id")
    return [
        subscription_id
        for subscription_id, account_id in relations.values_list("subscription_id", "account_id")
        if payers[subscription_id] == account_id
    ]


def _monied(account_ids: Iterable[int]) -> set[int]:
    """The accounts that have special ledgers: only theirs have money that moves along."""
    special = Ledger.objects.filter(AnyOf("account", account_ids), kind=Ledger.Kind.SPECIAL)
    return set(special.values_list("account_id", flat=True))


def _pays_any(account_id: int, *, at: datetime) -> bool:
    paid = _in_force(at=at).filter(account=account_id)
    return paid.exclude(subscription__state=Subscription.State.TERMINATED).exists()


def _in_force(*, at: datetime) -> QuerySet[PayRelation]:
    return PayRelation.objects.filter(valid_from__lte=at).exclude(valid_until__lte=at)


def _paying_accounts(effects: Iterable[Effect]) -> dict[int, int]:
    bundles = {effect.bundle_id for effect in effects}
    links = BundleAccount.objects.filter(AnyOf("bundle", bundles))
    return dict(links.values_list("bundle_id", "account_id"))


def _services(effects: Iterable[Effect]) -> dict[int, str]:
    joining = {member for effect in effects for member, _ in effect.joined}
    found = Subscription.objects.filter(AnyOf("id", joining))
    return dict(found.values_list("id", "service"))
