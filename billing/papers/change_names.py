"""What subscriptions, plans and packs are called when two months' bills are compared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.models import BillLine
from billing.queries.bill_changes import BillChanges
from bss.kernel.masking import masked_number
from bss.kernel.periods import Month
from bss.kernel.units import yuan
from customers.models import Subscription
from packages_wo.queries.catalogue import NoCatalogueError, catalogue_on
from packages_wo.queries.names import offering_names, plan_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of both months; a code that neither knows is its own name."""

    subscriptions: Mapping[int, Subscription]
    plan_before: Callable[[str], str]
    plan_now: Callable[[str], str]
    offerings: Mapping[str, str]
    packs: Mapping[str, str]

    def who(self, subscription_id: int | None) -> str:
        """Service and number of a subscription, masked as everywhere."""
        subscription = self.subscriptions.get(subscription_id or 0)
        if subscription is None:
            return _("帐户")
        return f"{_(subscription.get_service_display())} {masked_number(subscription.number)}"


def names_for(found: BillChanges) -> Names:
    """The names that the comparison needs. Its bill has a month."""
    assert found.bill.month is not None
    month = Month.of(found.bill.month)
    before, now = month.previous.first_day, month.first_day
    return Names(
        subscriptions=found.subscriptions,
        plan_before=plan_names(before),
        plan_now=plan_names(now),
        offerings=offering_names(before) | offering_names(now),
        packs=_packs(month.previous) | _packs(month),
    )


def item_name(item: str) -> str:
    return _(str(dict(BillLine.Item.choices).get(item, item)))


def more_or_less(fen: int) -> str:
    """How much it is above the month before, or below it, in yuan."""
    if not fen:
        return _("与上月相同")
    facts = {"amount": yuan(abs(fen))}
    return (_("多 %(amount)s 元") if fen > 0 else _("少 %(amount)s 元")) % facts


def _packs(month: Month) -> dict[str, str]:
    try:
        packs = catalogue_on(month.first_day).packs
    except NoCatalogueError:
        return {}
    return {code: _(pack.name) for code, pack in packs.items()}
