"""Money that is moved by hand: how much by one person alone, promises to pay, the late fee."""

from decimal import Decimal

# Act → role → (alone up to, may ask a second person up to; None: any amount), in fen.
# "" is every other role. A correction of a bill always takes two persons (BIL-7).
MONEY_LIMITS: dict[str, dict[str, tuple[int, int | None]]] = {
    "reversal": {
        "clerk": (5_000_00, None),
        "supervisor": (50_000_00, None),
        "": (0, None),
    },
    "refund": {
        "clerk": (500_00, 20_000_00),
        "supervisor": (5_000_00, None),
        "": (0, None),
    },
    "transfer": {
        "clerk": (2_000_00, 20_000_00),
        "supervisor": (20_000_00, None),
        "": (0, None),
    },
    "adjustment": {
        "clerk": (0, 2_000_00),
        "supervisor": (0, None),
        "": (0, 0),
    },
    "write_off": {"supervisor": (0, None), "": (0, 0)},
}

# A promise to pay holds for at most so many days, so often in twelve months, and not any more
# after so many broken ones.
PROMISE_DAYS_AT_MOST = 15
PROMISES_A_YEAR = 3
BROKEN_PROMISES_A_YEAR = 2

# 违约金: per mille a day of what is overdue; 0 is none. Over a bill line's life at most this part.
LATE_FEE_PER_MILLE_A_DAY = Decimal(0)
LATE_FEE_CAP_PERCENT = 100
