"""The house's own ledgers: every journal has a leg on one of them, so that it sums to zero.

Source: ACC-6.
"""

RECEIVABLE = "receivable"
"""What customers owe on issued bills; negative while they owe."""
TAX = "tax"
PREPAID = "prepaid"
"""Parts of prepayments that are still to come (ACC-5); not the customer's to spend yet."""
GIFT = "gift"
ADJUSTMENT = "adjustment"
OPENING = "opening"
OVER_SHORT = "over_short"
"""长短款: what was counted beyond the books (positive), or was found missing (negative)."""
IN_TRANSIT = "in_transit"
"""Cash in bags between a hall and the bank; negative while it is on the way."""
BANK = "bank"
"""What the bank has confirmed by its slip; negative, as all that the house holds."""

MEANS = ("cash", "card", "cheque", "transfer", "online")

ITEMS = (
    "BUNDLE_FEE",
    "PACK_FEE",
    "PLAN_FEE",
    "HOLD_FEE",
    "ONE_OFF_FEE",
    "VOICE_LOCAL",
    "VOICE_DOMESTIC",
    "VOICE_SERVICE",
    "VOICE_VPN",
    "VOICE_FORWARD",
    "VOICE_HMT",
    "VOICE_INTL",
    "VOICE_ROAMING",
    "SMS",
    "DATA",
    "INFO_FEE",
    "LATE_USAGE",
    "ADJUSTMENT",
)
"""Charge items in the order in which the lines of a bill stand and are paid."""


def cash_of(means: str) -> str:
    """The ledger of the money that came in by this means of payment."""
    return f"cash:{means}"


def revenue_of(item: str) -> str:
    """The ledger of what a charge item has earned, tax taken off."""
    return f"revenue:{item}"


NAMES = (
    *(cash_of(means) for means in MEANS),
    RECEIVABLE,
    *(revenue_of(item) for item in ITEMS),
    TAX,
    PREPAID,
    GIFT,
    ADJUSTMENT,
    OPENING,
    OVER_SHORT,
    IN_TRANSIT,
    BANK,
)
