"""Pay relations switch, many at once, at 00:00 of a 1st."""

from collections.abc import Collection, Mapping
from datetime import datetime

from billing.batch import sql


def pay_by(*, accounts: Mapping[int, int], at: datetime) -> None:
    """From ``at`` each subscription (key) is paid by this account. Source: ACC-7, PAR-8."""
    _switch(list(accounts), list(accounts.values()), at=at)


def pay_by_own(*, subscription_ids: Collection[int], at: datetime) -> None:
    """From ``at`` each subscription is paid by its own account again. Source: ACC-8, CAN-8."""
    _switch(list(subscription_ids), [None] * len(subscription_ids), at=at)


def _switch(subscriptions: list[int], accounts: list[int] | list[None], *, at: datetime) -> None:
    if subscriptions:
        sql.run("switch_payers", {"subscriptions": subscriptions, "accounts": accounts, "at": at})
