"""Accounts, their ledgers and what moved in them, as pages and the API show them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, Sum, Window

from billing.models import Account, Entry, Ledger, LedgerRelease, PayRelation
from billing.queries.debts import due_fen, overdue_fen
from bss.kernel.periods import business_date
from customers.models import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerView:
    """A ledger with what is in it, and what is still to come into it."""

    ledger: Ledger
    to_come_fen: int
    expired: bool

    @property
    def balance_fen(self) -> int:
        return self.ledger.cash_fen + self.ledger.gift_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account: ledgers (the public one first), debts, and whom it pays."""

    account: Account
    ledgers: tuple[LedgerView, ...]
    subscriptions: tuple[Subscription, ...]
    due_fen: int
    overdue_fen: int

    @property
    def balance_fen(self) -> int:
        return sum(row.balance_fen for row in self.ledgers)


def account_view(account_id: int, *, at: datetime) -> AccountView:
    """One account whole. Raises: Account.DoesNotExist."""
    account = Account.objects.select_related("owner", "subscription").get(pk=account_id)
    return account_views([account], at=at)[0]


def accounts_of(owner_id: int, *, at: datetime) -> list[AccountView]:
    """A customer's accounts: unified ones first, then by age; queries do not grow with them."""
    accounts = Account.objects.filter(owner=owner_id).select_related("owner", "subscription")
    return account_views(list(accounts.order_by("-kind", "id")), at=at)


def account_views(accounts: list[Account], *, at: datetime) -> list[AccountView]:
    """The accounts in the order given."""
    ids = [account.pk for account in accounts]
    ledgers = _ledgers(ids, on=business_date(at))
    paid = _paid_subscriptions(ids, at=at)
    due = due_fen(ids)
    overdue = overdue_fen(ids, on=business_date(at))
    return [
        AccountView(
            account=account,
            ledgers=tuple(ledgers.get(account.pk, ())),
            subscriptions=tuple(paid.get(account.pk, ())),
            due_fen=due.get(account.pk, 0),
            overdue_fen=overdue.get(account.pk, 0),
        )
        for account in accounts
    ]


def movements_of(ledger_id: int) -> QuerySet[Entry]:
    """A ledger's entries, the latest first; each row has ``balance_fen`` after it."""
    return (
        Entry.objects.filter(ledger=ledger_id)
        .select_related("journal__by", "bill_line__bill", "bill_line__subscription")
        .annotate(balance_fen=Window(Sum("amount_fen"), order_by="id"))
        .order_by("-id")
    )


def _ledgers(account_ids: list[int], *, on: date) -> dict[int, list[LedgerView]]:
    to_come = dict(
        LedgerRelease.objects.filter(
            target__account__in=account_ids, state=LedgerRelease.State.TO_COME
        )
        .values_list("target")
        .annotate(amount=Sum("amount_fen"))
    )
    found: dict[int, list[LedgerView]] = {}
    for ledger in Ledger.objects.filter(account__in=account_ids).order_by("account", "kind", "id"):
        assert ledger.account_id is not None
        found.setdefault(ledger.account_id, []).append(
            LedgerView(
                ledger=ledger,
                to_come_fen=to_come.get(ledger.pk, 0),
                expired=ledger.expires_on is not None and ledger.expires_on < on,
            )
        )
    return found


def _paid_subscriptions(account_ids: list[int], *, at: datetime) -> dict[int, list[Subscription]]:
    relations = PayRelation.objects.filter(account__in=account_ids, valid_from__lte=at)
    in_force = relations.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    found: dict[int, list[Subscription]] = {}
    for relation in in_force.select_related("subscription").order_by("subscription_id"):
        found.setdefault(relation.account_id, []).append(relation.subscription)
    return found
