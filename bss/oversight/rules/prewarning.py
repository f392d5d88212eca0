"""What makes somebody look closer: look-ups at night, of many, of one's own family, of protected
customers without work for them; failed sign-ins; exports at odd hours.

A rule counts audit entries of one person (or place) within a window of time. The operator sets
how many and how long (``WatchSetting``); what a rule counts is fixed here. Source: S84-3, S59.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum


class Rule(StrEnum):
    """预警规则."""

    NIGHT = "night"
    MANY = "many"
    RELATIVE = "relative"
    PROTECTED = "protected"
    SIGN_IN = "sign_in"
    EXPORT = "export"


class What(StrEnum):
    """What an audit entry is to the rules."""

    READ = "read"
    EXPORT = "export"
    FAILED_SIGN_IN = "failed_sign_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One audit entry as the rules see it; ``at`` is local time."""

    entry_id: int
    what: What
    whom: str
    at: datetime
    customer_id: int | None = None
    is_relative: bool = False
    is_protected: bool = False
    has_work: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a rule warns: ``threshold`` in ``window_minutes``; from–until may go over midnight."""

    threshold: int
    window_minutes: int
    from_time: time | None = None
    until_time: time | None = None
    active: bool = True


DEFAULTS: Mapping[Rule, Limits] = {
    Rule.NIGHT: Limits(threshold=3, window_minutes=480, from_time=time(22), until_time=time(6)),
    Rule.MANY: Limits(threshold=20, window_minutes=10),
    Rule.RELATIVE: Limits(threshold=1, window_minutes=1),
    Rule.PROTECTED: Limits(threshold=1, window_minutes=1),
    Rule.SIGN_IN: Limits(threshold=5, window_minutes=15),
    Rule.EXPORT: Limits(threshold=1, window_minutes=1, from_time=time(20), until_time=time(7)),
}


def counts(rule: Rule, event: Event, limits: Limits) -> bool:
    """Whether the rule counts this event at all."""
    match rule:
        case Rule.NIGHT:
            return event.what is What.READ and is_between(event.at.time(), limits)
        case Rule.MANY:
            return event.what is What.READ
        case Rule.RELATIVE:
            return event.what is What.READ and event.is_relative
        case Rule.PROTECTED:
            return event.what is What.READ and event.is_protected and not event.has_work
        case Rule.SIGN_IN:
            return event.what is What.FAILED_SIGN_IN
        case Rule.EXPORT:
            return event.what is What.EXPORT and is_between(event.at.time(), limits)


def is_between(moment: time, limits: Limits) -> bool:
    """Whether a time of day lies in from–until, half-open, over midnight if need be."""
    start, end = limits.from_time, limits.until_time
    if start is None or end is None:
        return True
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end


def hits(rule: Rule, events: Iterable[Event], limits: Limits) -> dict[str, list[Event]]:
    """Per person (or place) the events that lie in a window that is too full, in order of time.

    ``many`` counts customers, each once; the others count events.
    """
    if not limits.active:
        return {}
    by_whom: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda one: (one.at, one.entry_id)):
        if counts(rule, event, limits):
            by_whom.setdefault(event.whom, []).append(event)
    found = {whom: _in_full_windows(rule, theirs, limits) for whom, theirs in by_whom.items()}
    return {whom: theirs for whom, theirs in found.items() if theirs}


def _in_full_windows(rule: Rule, events: Sequence[Event], limits: Limits) -> list[Event]:
    window = timedelta(minutes=limits.window_minutes)
    full: set[int] = set()
    first = 0
    for last, event in enumerate(events):
        while events[first].at <= event.at - window:
            first += 1
        inside = events[first : last + 1]
        if _weight(rule, inside) >= limits.threshold:
            full.update(range(first, last + 1))
    return [events[place] for place in sorted(full)]


def _weight(rule: Rule, events: Sequence[Event]) -> int:
    if rule is Rule.MANY:
        return len({event.customer_id for event in events})
    return len(events)
