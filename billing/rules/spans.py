"""Runs of whole numbers, both ends meant: what of them is left, what two sets share."""

from collections.abc import Iterable

Span = tuple[int, int]


def without(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The parts of ``spans`` that lie in none of ``others``, in order."""
    left = sorted(spans)
    for first, last in others:
        left = [part for span in left for part in _around(span, first, last)]
    return left


def shared(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The parts of ``spans`` that lie in one of ``others``, in order."""
    taken = sorted(others)
    return sorted(
        (max(first, begin), min(last, end))
        for first, last in spans
        for begin, end in taken
        if begin <= last and end >= first
    )


def _around(span: Span, first: int, last: int) -> list[Span]:
    begin, end = span
    if last < begin or first > end:
        return [span]
    return [part for part in ((begin, first - 1), (last + 1, end)) if part[0] <= part[1]]
