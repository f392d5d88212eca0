"""Compares what a file expects with what came of it: lists whole, maps by the keys named."""

from datetime import date, datetime
from typing import Any


def mismatches(expected: Any, actual: Any, *, place: str = "") -> list[str]:
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{place}: expected {expected!r}, got {actual!r}"]
        known = {_plain(key): value for key, value in actual.items()}
        found = []
        for key, value in expected.items():
            here = f"{place}.{key}" if place else str(key)
            if _plain(key) in known:
                found += mismatches(value, known[_plain(key)], place=here)
            else:
                found.append(f"{here}: missing")
        return found
    if _plain(expected) != _plain(actual):
        return [f"{place}: expected {expected!r}, got {actual!r}"]
    return []


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(row) for row in value]
    if isinstance(value, dict):
        return {str(key): _plain(row) for key, row in value.items()}
    return value
