"""A bundle with closed months behind it, and advice as a page shows it."""

from datetime import timedelta
from typing import Any

from billing.models import BundleAdvice
from billing.services import accounts, usage
from billing.services.month_end import close_month
from bss.kernel.periods import Month
from customers.models import Customer
from packages_wo.models import Bundle, BundleTerm, TermPack
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.rules.allowances import monthly_allowance
from tests.builders.billing import NEW_YEAR, a_customer
from tests.builders.usage import OCTOBER, Part, a_bundle_in_force, a_subscriber, the_catalogue

AUGUST, SEPTEMBER = OCTOBER.plus(-2), OCTOBER.plus(-1)
MONTHS = (AUGUST, SEPTEMBER, OCTOBER)
FIXED, MOBILE = "01062000001", "13011112222"


def a_bundle_on(
    tier: int, *packs: str, owner: Customer | None = None, months: tuple[Month, ...] = MONTHS
) -> Bundle:
    """Basic A of this tier with these packs, in force since the first of the months."""
    the_catalogue()
    owner = owner or a_customer()
    fixed = a_subscriber(owner, FIXED, "fixed", "FIXED-STD")
    mobile = a_subscriber(owner, MOBILE, "m2g", "M2G-STD")
    allowed = monthly_allowance(
        catalogue_on(months[0].first_day), offering="basic", tier=tier, packs=packs
    )
    bundle = a_bundle_in_force(
        owner,
        "B1",
        Part(fixed),
        Part(mobile),
        minutes=allowed.minutes,
        vpn_minutes=allowed.vpn_minutes,
        since=months[0].first_day,
        pools=months,
    )
    term = BundleTerm.objects.get(bundle=bundle)
    term.change.tier = term.tier = tier
    term.change.packs = [{"pack": pack, "terminal": None} for pack in packs]
    term.change.save()
    term.save()
    for position, pack in enumerate(packs):
        TermPack.objects.create(term=term, position=position, pack=pack)
    account = accounts.open_unified(owner_id=owner.pk, name="测试统一帐户", at=NEW_YEAR)
    accounts.link_bundle(bundle_id=bundle.pk, account_id=account.pk)
    return in_force(bundle)


def in_force(bundle: Bundle) -> Bundle:
    """The bundle's own row says so too."""
    Bundle.objects.filter(pk=bundle.pk).update(
        state=Bundle.State.IN_FORCE, effective_on=MONTHS[0].first_day
    )
    return Bundle.objects.get(pk=bundle.pk)


def a_call(name: str, month: Month, minutes: int, **more: Any) -> dict[str, object]:
    """So many minutes from the fixed line to a number in town, on the month's 5th."""
    return {
        "record_id": name,
        "service_number": FIXED,
        "call_type": "mo",
        "other_number": "01088880001",
        "start_at": f"{month}-05T09:00:00",
        "duration_s": 60 * minutes,
        **more,
    }


def closed(month: Month, *rows: dict[str, object]) -> None:
    """The month's usage loaded, and the month billed on the 3rd of the next."""
    if rows:
        usage.load(rows=list(rows), at=month.ends_at)
    close_month(month=month, at=month.ends_at + timedelta(days=2, hours=2))


def an_advice(bundle: Bundle, *, saving_fen: int = 50_00, **more: Any) -> BundleAdvice:
    """As the night leaves it: three months at 306 yuan that would have cost less on 56."""
    cost_fen = 3 * 306_00
    usual: dict[str, Any] = {
        "months": [month.first_day for month in MONTHS],
        "scheme": "A",
        "tier": 306,
        "cost_fen": cost_fen,
        "best_tier": 56,
        "best_packs": [["MIN-300", 2]],
        "best_fen": cost_fen - 3 * saving_fen,
        "saving_fen": saving_fen,
        "options": [[56, [["MIN-300", 2]], cost_fen - 3 * saving_fen], [306, [], cost_fen]],
        "history": [[month.first_day.isoformat(), 306_00, 500, 0] for month in MONTHS],
        "advised_at": OCTOBER.ends_at,
    }
    return BundleAdvice.objects.create(bundle=bundle, **(usual | more))
