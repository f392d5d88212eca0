"""The causes that a bill differs from the one before, and the clauses they go back to."""

from collections.abc import Mapping
from enum import StrEnum


class Cause(StrEnum):
    """变化原因."""

    NEW_LINE = "new_line"
    GONE_LINE = "gone_line"
    PLAN = "plan"
    TIER = "tier"
    PRICE = "price"
    FIRST_MONTH_OVER = "first_month_over"
    PART_OF_MONTH = "part_of_month"
    PACKS = "packs"
    BUNDLE_BEGAN = "bundle_began"
    BUNDLE_ENDED = "bundle_ended"
    JOINED_BUNDLE = "joined_bundle"
    LEFT_BUNDLE = "left_bundle"
    HOLD_BEGAN = "hold_began"
    HOLD_ENDED = "hold_ended"
    STOPPED = "stopped"
    STOP_OVER = "stop_over"
    ONE_OFF = "one_off"
    ADJUSTMENT = "adjustment"
    LATE_USAGE = "late_usage"
    LATE_FEE = "late_fee"
    USAGE = "usage"
    FEE = "fee"


RULES: Mapping[Cause, tuple[str, ...]] = {
    Cause.NEW_LINE: ("GEN-5",),
    Cause.GONE_LINE: ("GEN-5",),
    Cause.FIRST_MONTH_OVER: ("EFF-4",),
    Cause.PART_OF_MONTH: ("EFF-4",),
    Cause.PACKS: ("BIL-1", "EFF-4"),
    Cause.BUNDLE_BEGAN: ("EFF-1",),
    Cause.BUNDLE_ENDED: ("CAN-8",),
    Cause.JOINED_BUNDLE: ("EFF-2",),
    Cause.LEFT_BUNDLE: ("CAN-4",),
    Cause.HOLD_BEGAN: ("CAN-2",),
    Cause.HOLD_ENDED: ("CAN-2",),
    Cause.STOPPED: ("CRD-5",),
    Cause.STOP_OVER: ("CRD-5",),
    Cause.ONE_OFF: ("BIL-1",),
    Cause.ADJUSTMENT: ("BIL-7",),
    Cause.LATE_USAGE: ("RAT-14",),
}
"""The clauses that a cause goes back to."""

ONCE: Mapping[str, Cause] = {
    "ONE_OFF_FEE": Cause.ONE_OFF,
    "ADJUSTMENT": Cause.ADJUSTMENT,
    "LATE_USAGE": Cause.LATE_USAGE,
    "LATE_FEE": Cause.LATE_FEE,
}
"""What stands on one bill and has no reason to stand on the next."""
