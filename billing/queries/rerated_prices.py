"""The price that made usage come out otherwise: as its records have it, and as it is now."""

from dataclasses import dataclass

from django.db import connection

from billing.models import ReratedLine
from billing.queries.archived_usage import archived_rows, months_in_place
from billing.queries.rating_terms import rating_terms
from billing.rules.house import ITEMS
from bss.kernel.periods import Month
from bss.kernel.units import yuan_of_hao
from packages_wo.models import TariffRate

PRICED = ("item", "rate_id", "amount_hao", "quantity", "vpn_minutes", "drawn_units")
USUAL = """
    SELECT rate_id, amount_hao, quantity - vpn_minutes - drawn_units
    FROM (
        SELECT * FROM billing_record
        UNION ALL
        SELECT * FROM jsonb_populate_recordset(NULL::billing_record, %(archived)s)
    ) kept
    WHERE month = %(month)s AND subscription_id = %(subscription)s AND item = %(item)s
        AND amount_hao <> 0
    ORDER BY amount_hao DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """``is_overflow``: the minute beyond a pool. Prices as people read them, such as 0.40/60s."""

    before: str
    after: str
    is_overflow: bool = False


def price_change(line: ReratedLine) -> PriceChange | None:
    """What the dearest of the line's records was priced by, when that price is another now."""
    if line.item not in ITEMS:
        return None
    month = Month.of(line.month)
    with months_in_place(), connection.cursor() as cursor:
        archived = archived_rows(
            first=line.month, last=line.month, subscriptions=[line.subscription_id], columns=PRICED
        )
        cursor.execute(
            USUAL,
            {
                "month": line.month,
                "subscription": line.subscription_id,
                "item": ITEMS.index(line.item),
                "archived": archived,
            },
        )
        row = cursor.fetchone()
    if row is None:
        return None
    rate_id, amount_hao, units = row
    terms = rating_terms(month)
    if not rate_id:
        before = amount_hao // units if units else 0
        if before in (0, terms.overflow_hao):
            return None
        return PriceChange(
            before=yuan_of_hao(before), after=yuan_of_hao(terms.overflow_hao), is_overflow=True
        )
    was = TariffRate.objects.filter(pk=rate_id).first()
    if was is None:
        return None
    now = TariffRate.objects.filter(
        version=terms.version_id, tariff=was.tariff, kind=was.kind
    ).first()
    if now is None or _price(was) == _price(now):
        return None
    return PriceChange(before=_price(was), after=_price(now))


def _price(rate: TariffRate) -> str:
    first = _block(rate.first_hao, rate.first_s)
    rest = _block(rate.next_hao, rate.next_s)
    return first if not rate.next_s or rest == first else f"{first} + {rest}"


def _block(hao: int, seconds: int) -> str:
    return f"{yuan_of_hao(hao)}/{seconds}s" if seconds else yuan_of_hao(hao)
