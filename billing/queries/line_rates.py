"""At which rates of VAT a bill line was billed (BIL-4)."""

from typing import NamedTuple

from django.db.models import Sum

from billing.models import BillLine, RevenueShare
from billing.queries.invoicing import rates_of
from billing.rules.taxation import tax_in
from bss.kernel.periods import Month


class RateShare(NamedTuple):
    """What of a line was billed at one rate."""

    percent: int
    amount_fen: int


def rates_of_line(line: BillLine) -> list[RateShare]:
    """The rates of its revenue shares; of what they leave, the rate that gives its tax."""
    shares = (
        RevenueShare.objects.filter(line=line)
        .values_list("tax_percent")
        .annotate(Sum("amount_fen"), Sum("tax_fen"))
        .order_by("tax_percent")
    )
    found = [RateShare(percent, fen) for percent, fen, _ in shares]
    rest_fen = line.amount_fen - sum(share.amount_fen for share in found)
    if rest_fen:
        rest_tax_fen = line.tax_fen - sum(tax for _, _, tax in shares)
        found.append(RateShare(_rate_that_gives(line, rest_fen, rest_tax_fen), rest_fen))
    return found


def usual_rate(month: Month, item: str) -> int:
    """The rate of a charge item in a month; none from before the catalogue."""
    return rates_of(month).get(item, 0)


def _rate_that_gives(line: BillLine, amount_fen: int, tax_fen: int) -> int:
    rates = rates_of(Month.of(line.bill.month or line.bill.issued_at))
    own = rates.get(line.item, 0)
    for percent in (own, *sorted(set(rates.values()), reverse=True), 0):
        if tax_in(amount_fen, percent=percent) == tax_fen:
            return percent
    return own
