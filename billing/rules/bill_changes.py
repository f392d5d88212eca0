"""Why a bill differs from the one of the month before: its lines compared, each with its cause.

Source: BIL-2 (the holder may ask), and the rule of each cause.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from billing.rules.bill_causes import ONCE, Cause

Part = Mapping[str, Any]
NOTHING: Part = {}
BUNDLE, PACKS, PLAN, HOLD = "BUNDLE_FEE", "PACK_FEE", "PLAN_FEE", "HOLD_FEE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a line's records come to. Units: minutes, messages or KB."""

    records: int
    free_units: int
    charged_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """One line of a bill; ``because`` are the parts it was reckoned from."""

    line_id: int
    subscription_id: int | None
    item: str
    amount_fen: int
    because: tuple[Part, ...] = ()
    is_usage: bool = False
    usage: Usage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the subscriptions stood in one of the two months.

    ``paid``: whom the account paid at the month's end; ``covered``: whose plan fee a bundle's fee
    stood for; ``stopped``: who was in debt stop for the whole month (CRD-5).
    """

    paid: Collection[int] = frozenset()
    covered: Collection[int] = frozenset()
    stopped: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One charge item of one subscription in both months, and why it differs. Units: fen."""

    subscription_id: int | None
    item: str
    cause: Cause
    before: Billed | None
    after: Billed | None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def before_fen(self) -> int:
        return self.before.amount_fen if self.before else 0

    @property
    def after_fen(self) -> int:
        return self.after.amount_fen if self.after else 0

    @property
    def difference_fen(self) -> int:
        return self.after_fen - self.before_fen


def compare(
    before: Sequence[Billed], after: Sequence[Billed], *, then: Standing, now: Standing
) -> list[Change]:
    """Every item whose amount differs; their differences sum to the difference of the bills.

    In the order of the lines, first the later bill's.
    """
    old = {(line.subscription_id, line.item): line for line in before}
    new = {(line.subscription_id, line.item): line for line in after}
    found = []
    for key in dict.fromkeys([*new, *old]):
        was, is_now = old.get(key), new.get(key)
        if was is None or is_now is None or was.amount_fen != is_now.amount_fen:
            found.append(_change(was, is_now, old=old, new=new, then=then, now=now))
    return found


def _change(
    was: Billed | None,
    is_now: Billed | None,
    *,
    old: Mapping[Any, Billed],
    new: Mapping[Any, Billed],
    then: Standing,
    now: Standing,
) -> Change:
    line = is_now or was
    assert line is not None
    subscription, item = line.subscription_id, line.item
    facts: Mapping[str, Any] = {}
    if item in ONCE:
        cause = ONCE[item]
    elif item not in (BUNDLE, PACKS) and _is_paid_anew(subscription, then.paid, now.paid):
        cause = Cause.NEW_LINE
    elif item not in (BUNDLE, PACKS) and _is_paid_anew(subscription, now.paid, then.paid):
        cause = Cause.GONE_LINE
    elif line.is_usage:
        cause = Cause.USAGE
    elif was is None:
        cause = _began(line, gone=(subscription, HOLD) in old, then=then, now=now)
    elif is_now is None:
        cause = _ended(line, come=(subscription, HOLD) in new, now=now)
    else:
        cause, facts = _differs(was, is_now)
    if item == PACKS and cause == Cause.PACKS:
        facts = pack_changes(was, is_now)
    return Change(
        subscription_id=subscription,
        item=item,
        cause=cause,
        before=was,
        after=is_now,
        facts=facts,
    )


def _is_paid_anew(
    subscription: int | None, before: Collection[int], after: Collection[int]
) -> bool:
    return subscription is not None and subscription in after and subscription not in before


def _began(line: Billed, *, gone: bool, then: Standing, now: Standing) -> Cause:
    """A fee that was not on the bill before, of a subscription that was."""
    if line.item == HOLD:
        return Cause.HOLD_BEGAN
    if line.subscription_id in then.stopped and line.subscription_id not in now.stopped:
        return Cause.STOP_OVER
    if line.item == PLAN and gone:
        return Cause.HOLD_ENDED
    if line.item == PLAN and line.subscription_id in then.covered:
        return Cause.LEFT_BUNDLE
    return {BUNDLE: Cause.BUNDLE_BEGAN, PACKS: Cause.PACKS}.get(line.item, Cause.FEE)


def _ended(line: Billed, *, come: bool, now: Standing) -> Cause:
    """A fee that is not on the bill any more, of a subscription that is still paid."""
    if line.item == HOLD:
        return Cause.HOLD_ENDED
    if line.subscription_id in now.stopped:
        return Cause.STOPPED
    if line.item == PLAN and come:
        return Cause.HOLD_BEGAN
    if line.item == PLAN and line.subscription_id in now.covered:
        return Cause.JOINED_BUNDLE
    return {BUNDLE: Cause.BUNDLE_ENDED, PACKS: Cause.PACKS}.get(line.item, Cause.FEE)


def _differs(was: Billed, is_now: Billed) -> tuple[Cause, Mapping[str, Any]]:
    """The same fee in both months, with another amount."""
    if is_now.item == PACKS:
        return Cause.PACKS, {}
    if len(was.because) != 1 or len(is_now.because) != 1:
        return Cause.FEE, {}
    [old], [new] = was.because, is_now.because
    facts = {"before": old, "after": new}
    if old.get("plan") != new.get("plan"):
        return Cause.PLAN, facts
    if any(old.get(key) != new.get(key) for key in ("offering", "tier", "scheme")):
        return Cause.TIER, facts
    if old.get("monthly_fen") != new.get("monthly_fen"):
        return Cause.PRICE, facts
    if _is_part(old) and not _is_part(new):
        return Cause.FIRST_MONTH_OVER, facts
    if _is_part(new):
        return Cause.PART_OF_MONTH, facts
    return Cause.FEE, facts


def _is_part(part: Part) -> bool:
    return bool(part.get("first_month", "full") != "full")


def pack_changes(was: Billed | None, is_now: Billed | None) -> Mapping[str, Any]:
    """Packs that came and went, each (pack, fen, count), and those whose price alone differs."""
    old, new = _packs(was), _packs(is_now)
    added, removed = new - old, old - new
    repriced = {pack for pack, _ in added} & {pack for pack, _ in removed}
    return {
        "added": [(pack, fen, n) for (pack, fen), n in added.items() if pack not in repriced],
        "removed": [(pack, fen, n) for (pack, fen), n in removed.items() if pack not in repriced],
        "repriced": sorted(repriced),
    }


def _packs(line: Billed | None) -> Counter[tuple[str, int]]:
    parts = line.because if line else ()
    return Counter((one["pack"], one["fen"]) for part in parts for one in part.get("packs", ()))
