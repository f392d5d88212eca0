"""Compare what came with what was expected: maps by the keys that are named, lists whole."""

from collections.abc import Mapping
from typing import Any


def mismatches(expected: Any, actual: Any, *, place: str = "") -> list[str]:
    """One sentence for every expectation that does not hold, with its place in the outcome."""
    if isinstance(expected, Mapping):
        if not isinstance(actual, Mapping):
            return [f"{place}: expected a map, got {_show(actual)}"]
        found: list[str] = []
        for key, value in expected.items():
            name = str(key)
            inner = f"{place}.{name}" if place else name
            if name not in actual:
                found.append(f"{inner}: expected {_show(value)}, but it is not there")
            else:
                found += mismatches(value, actual[name], place=inner)
        return found
    if isinstance(expected, list):
        return _list_mismatches(expected, actual, place)
    if expected == actual and isinstance(expected, bool) == isinstance(actual, bool):
        return []
    return [f"{place}: expected {_show(expected)}, got {_show(actual)}"]


def _list_mismatches(expected: list[Any], actual: Any, place: str) -> list[str]:
    if not isinstance(actual, list):
        return [f"{place}: expected a list, got {_show(actual)}"]
    if any(isinstance(item, Mapping) for item in expected) and len(expected) == len(actual):
        return [
            sentence
            for number, (item, got) in enumerate(zip(expected, actual, strict=True))
            for sentence in mismatches(item, got, place=f"{place}[{number}]")
        ]
    return (
        [] if expected == actual else [f"{place}: expected {_show(expected)}, got {_show(actual)}"]
    )


def _show(value: Any) -> str:
    return "null" if value is None else repr(value)
