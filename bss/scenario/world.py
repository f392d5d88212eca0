"""The names that a scenario uses, and what they are in the database."""

from dataclasses import dataclass, field

from billing.models import Account
from bss.scenario.reader import BadScenarioError


@dataclass(slots=True)
class World:
    """Who is there, by the file's names; filled by the setup and by accepted orders."""

    customers: dict[str, int] = field(default_factory=dict)
    subscriptions: dict[str, int] = field(default_factory=dict)
    unified_accounts: dict[str, int] = field(default_factory=dict)
    orders: dict[str, int] = field(default_factory=dict)
    channel_id: int = 0

    def customer(self, name: str, place: str) -> int:
        return self._look_up(self.customers, name, place, "customer")

    def subscription(self, name: str, place: str) -> int:
        return self._look_up(self.subscriptions, name, place, "subscription")

    def order(self, name: str, place: str) -> int:
        return self._look_up(self.orders, name, place, "accepted order")

    def account(self, name: str, place: str) -> int:
        """A unified account, or an independent one: ``SUB``, after transfers ``SUB@2``…"""
        if name in self.unified_accounts:
            return self.unified_accounts[name]
        return self._look_up(self.independent_accounts(), name, place, "account")

    def independent_accounts(self) -> dict[str, int]:
        """Name → id of every independent account of the file's subscriptions."""
        names = {pk: name for name, pk in self.subscriptions.items()}
        counts: dict[int, int] = {}
        found: dict[str, int] = {}
        accounts = Account.objects.filter(subscription__in=names).order_by("id")
        for pk, subscription_id in accounts.values_list("id", "subscription_id"):
            count = counts[subscription_id] = counts.get(subscription_id, 0) + 1
            name = names[subscription_id]
            found[name if count == 1 else f"{name}@{count}"] = pk
        return found

    def account_names(self) -> dict[int, str]:
        """Id → name of every account."""
        accounts = {**self.independent_accounts(), **self.unified_accounts}
        return {pk: name for name, pk in accounts.items()}

    def subscription_names(self) -> dict[int, str]:
        return {pk: name for name, pk in self.subscriptions.items()}

    @staticmethod
    def _look_up(names: dict[str, int], name: str, place: str, kind: str) -> int:
        if name not in names:
            raise BadScenarioError(place, f"there is no {kind} {name!r} at this point")
        return names[name]
