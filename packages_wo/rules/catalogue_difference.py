"""What differs between two versions of the catalogue, place by place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ABOUT_ITSELF = ("version",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A value that is there in one version and not, or another one, in the other."""

    place: tuple[str, ...]
    before: str | None
    after: str | None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """In the order of the places; equal documents have none, whatever they are called."""
    old, new = dict(_values(before)), dict(_values(after))
    return [
        Difference(place=place, before=old.get(place), after=new.get(place))
        for place in sorted(old.keys() | new.keys())
        if place[0] not in ABOUT_ITSELF and old.get(place) != new.get(place)
    ]


def _values(found: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every value with its place; a list of plain values is one value."""
    if isinstance(found, Mapping):
        for key, inner in found.items():
            yield from _values(inner, (*place, str(key)))
    elif isinstance(found, list) and any(isinstance(inner, Mapping) for inner in found):
        for number, inner in enumerate(found, start=1):
            yield from _values(inner, (*place, str(number)))
    elif isinstance(found, list):
        yield place, "、".join(map(str, found))
    else:
        yield place, str(found)
