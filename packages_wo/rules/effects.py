"""What a month start did, told to those above: in order, whose payers and ledgers follow."""

from dataclasses import dataclass
from datetime import datetime

OPEN = "open"
CHANGE = "change"
CANCEL = "cancel"
PRE_TERMINATED_END = "pre_terminated_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One bundle's opening, change or end at 00:00 of the 1st.

    Shape: ``joined`` and ``left`` are (subscription id, part) in the bundle's order. ``main_id`` is
    the main number of the composition that holds now (ended: that held last). ``order_ref`` is
    empty for an ending by pre-termination.
    """

    kind: str
    bundle_id: int
    order_ref: str
    joined: tuple[tuple[int, str], ...]
    left: tuple[tuple[int, str], ...]
    ended: bool
    separate_3g: bool
    main_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthStartEffects:
    """Everything that took effect, and the open orders that lapsed with their bundle (CRD-4)."""

    effects: tuple[Effect, ...]
    lapsed_order_refs: tuple[str, ...]
    plan_changes: int
    pools_opened: int
