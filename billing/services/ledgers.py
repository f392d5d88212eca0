"""Special ledgers 专用账本: opened with money, or with parts to come (ACC-2, ACC-5)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from billing.models import Account, Entry, Journal, Ledger, LedgerRelease
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_account
from billing.rules import house
from billing.rules.parts import monthly_parts
from billing.services.posting import Leg, post
from billing.services.settlement import settle
from bss.kernel.errors import BadInputError
from bss.kernel.periods import Month
from bss.kernel.rulebook import refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a special ledger pays: every key that is named must fit; none named is every line."""

    subscriptions: tuple[int, ...] | None = None
    services: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None

    @property
    def keys(self) -> int:
        """How narrow it is (ACC-3)."""
        return sum(key is not None for key in (self.subscriptions, self.services, self.items))


EVERYTHING = Scope()


@transaction.atomic
def open_special(
    *,
    account_id: int,
    name: str,
    amount_fen: int,
    at: datetime,
    channel_id: int,
    scope: Scope = EVERYTHING,
    gift: bool = False,
    months: int | None = None,
    expires_on: date | None = None,
    means: str = "cash",
    by_id: int | None = None,
) -> Ledger:
    """Open a special ledger and pay unpaid bills with what comes in at once.

    With ``months`` nothing comes at once: N parts come with the starts of the N months after.
    Source: ACC-1, ACC-2, ACC-5.
    Locks:  the account.
    Raises: RefusedError (ACC-1 on an independent account); BadInputError.
    """
    account = lock_account(account_id)
    if account.kind != Account.Kind.UNIFIED:
        raise refuse(
            "ACC-1", "独立帐户 %(account)s 只有公用账本，不能开立专用账本", account=account.code
        )
    _check(account, name=name, amount_fen=amount_fen, months=months)
    ledger = Ledger.objects.create(
        account=account,
        kind=Ledger.Kind.SPECIAL,
        name=name,
        scope_subscriptions=_listed(scope.subscriptions),
        scope_services=_listed(scope.services),
        scope_items=_listed(scope.items),
        scope_keys=scope.keys,
        expires_on=expires_on,
        opened_at=at,
    )
    _grant(ledger, amount_fen=amount_fen, gift=gift, months=months, means=means, at=at, by_id=by_id)
    settle(account_ids=[account.pk], at=at, by_id=by_id)
    ledger.refresh_from_db()
    return ledger


def grant_ref(ledger: Ledger) -> str:
    """What the journal of its first money is called."""
    assert ledger.account is not None  # a house ledger is granted nothing
    return f"{ledger.account.code}/{ledger.name}"[:80]


def _check(account: Account, *, name: str, amount_fen: int, months: int | None) -> None:
    if amount_fen <= 0:
        raise BadInputError(("amount", "金额须大于零。"))
    if months is not None and months < 1:
        raise BadInputError(("months", "返还月数至少为一。"))
    if not name.strip() or account.ledgers.filter(name=name).exists():
        raise BadInputError(("name", "账本名称为空，或该帐户已有同名账本。"))


def _listed(values: tuple[int, ...] | tuple[str, ...] | None) -> list[Any] | None:
    return None if values is None else list(values)


def _grant(
    ledger: Ledger,
    *,
    amount_fen: int,
    gift: bool,
    months: int | None,
    means: str,
    at: datetime,
    by_id: int | None,
) -> None:
    """The money comes in: into the ledger, or into what is prepaid and still to come."""
    houses = house_ledgers()
    money = Entry.Money.GIFT if gift else Entry.Money.CASH
    source = houses[house.GIFT if gift else house.cash_of(means)]
    target = ledger.pk if months is None else houses[house.PREPAID]
    post(
        kind=Journal.Kind.GRANT,
        legs=[
            Leg(ledger_id=source, money=money, amount_fen=-amount_fen),
            Leg(ledger_id=target, money=money, amount_fen=amount_fen),
        ],
        at=at,
        ref=grant_ref(ledger),
        by_id=by_id,
    )
    parts = () if months is None else monthly_parts(amount_fen, months)
    this_month = Month.of(at)
    LedgerRelease.objects.bulk_create(
        [
            LedgerRelease(
                ledger=ledger,
                target=ledger,
                month=this_month.plus(index).first_day,
                money=money,
                amount_fen=part,
            )
            for index, part in enumerate(parts, start=1)
            if part
        ]
    )
