"""The changes of a bill gathered into the reasons that a person would give, weightiest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from billing.rules.bill_causes import Cause
from billing.rules.bill_changes import Change

PER_SUBSCRIPTION = (
    Cause.NEW_LINE,
    Cause.GONE_LINE,
    Cause.USAGE,
    Cause.HOLD_BEGAN,
    Cause.HOLD_ENDED,
)
TOGETHER = {
    Cause.BUNDLE_BEGAN: Cause.BUNDLE_BEGAN,
    Cause.JOINED_BUNDLE: Cause.BUNDLE_BEGAN,
    Cause.BUNDLE_ENDED: Cause.BUNDLE_ENDED,
    Cause.LEFT_BUNDLE: Cause.BUNDLE_ENDED,
    Cause.STOPPED: Cause.STOPPED,
    Cause.STOP_OVER: Cause.STOP_OVER,
}
"""What happens to many subscriptions at once is one reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One reason: its changes, the largest first."""

    cause: Cause
    subscription_id: int | None
    changes: tuple[Change, ...]

    @property
    def difference_fen(self) -> int:
        return sum(change.difference_fen for change in self.changes)


def gather(changes: Iterable[Change]) -> list[Group]:
    """Every change in exactly one group; groups by the weight of what they come to."""
    found: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        found.setdefault(_key(change), []).append(change)
    groups = [_group(rows) for rows in found.values()]
    return sorted(groups, key=lambda group: -abs(group.difference_fen))


def _key(change: Change) -> tuple[object, ...]:
    if change.cause in TOGETHER:
        return (TOGETHER[change.cause],)
    if change.cause in PER_SUBSCRIPTION:
        return (change.cause, change.subscription_id)
    return (change.cause, change.subscription_id, change.item)


def _group(changes: Sequence[Change]) -> Group:
    first = changes[0]
    return Group(
        cause=TOGETHER.get(first.cause, first.cause),
        subscription_id=None if first.cause in TOGETHER else first.subscription_id,
        changes=tuple(sorted(changes, key=lambda change: -abs(change.difference_fen))),
    )
