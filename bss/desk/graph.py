"""Lay out work orders (a directed acyclic graph) in columns, left to right. Source: PAR-11."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NODE_WIDTH, NODE_HEIGHT = 176, 46
GAP_X, GAP_Y, MARGIN = 44, 14, 4
ROW_LENGTH = 5
"""Work orders without an order among them stand five in a row: as many as a page is wide."""


@dataclass(frozen=True, slots=True)
class Node:
    """A work order in its place; ``after`` are the labels of what must be done before it."""

    key: str
    label: str
    detail: str
    meaning: str
    rule: str
    url: str
    state: str
    after: tuple[str, ...]
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Layout:
    nodes: tuple[Node, ...]
    edges: tuple[str, ...]  # SVG path data
    width: int
    height: int


def lay_out(items: Sequence[Any]) -> Layout:
    """Columns by the longest way to each item; rows near the middle of what comes before.

    Items that neither wait nor are waited for stand below, a row for each ``group``.
    Items are mappings or objects with ``key``, ``label`` and optionally ``detail``, ``meaning``,
    ``state``, ``rule``, ``url``, ``group`` and ``after`` (keys).
    """
    given = {str(_of(item, "key")): item for item in items}
    before = {
        key: [str(k) for k in _of(item, "after") or () if str(k) in given]
        for key, item in given.items()
    }
    bound = _bound(before)
    column = _columns(bound)
    place = _rows(bound, column)
    alone = {key: str(_of(item, "group") or "") for key, item in given.items() if key not in bound}
    _stand_alone(alone, column, place)
    nodes = tuple(
        Node(
            key=key,
            label=str(_of(item, "label")),
            detail=str(_of(item, "detail") or ""),
            meaning=str(_of(item, "meaning") or ""),
            rule=str(_of(item, "rule") or ""),
            url=str(_of(item, "url") or ""),
            state=str(_of(item, "state") or ""),
            after=tuple(str(_of(given[k], "label")) for k in before[key]),
            x=MARGIN + column[key] * (NODE_WIDTH + (GAP_Y if key in alone else GAP_X)),
            y=MARGIN + place[key] * (NODE_HEIGHT + GAP_Y),
        )
        for key, item in given.items()
    )
    at = {node.key: node for node in nodes}
    edges = tuple(_edge(at[k], at[key]) for key, keys in before.items() for k in keys)
    return Layout(
        nodes=nodes,
        edges=edges,
        width=max((n.x for n in nodes), default=0) + NODE_WIDTH + MARGIN,
        height=max((n.y for n in nodes), default=0) + NODE_HEIGHT + MARGIN,
    )


def _bound(before: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Those that wait for another, or are waited for."""
    awaited = {key for keys in before.values() for key in keys}
    return {key: keys for key, keys in before.items() if keys or key in awaited}


def _stand_alone(group_of: Mapping[str, str], column: dict[str, int], row: dict[str, int]) -> None:
    """Give the unbound their places below the others: a group begins a row, and may need more.

    Groups of one share rows, so that many small ones are not one long column.
    """
    members: dict[str, list[str]] = {}
    for key, group in group_of.items():
        members.setdefault(group, []).append(key)
    rows = list(members.values())
    if all(len(keys) == 1 for keys in rows):
        rows = [[key for keys in rows for key in keys]]
    number = max(row.values(), default=-1) + 1
    for keys in rows:
        for start in range(0, len(keys), ROW_LENGTH):
            for at, key in enumerate(keys[start : start + ROW_LENGTH]):
                column[key], row[key] = at, number
            number += 1


def _columns(before: Mapping[str, list[str]]) -> dict[str, int]:
    column: dict[str, int] = {}
    waiting = dict(before)
    while waiting:
        ready = [k for k, keys in waiting.items() if all(p in column for p in keys)]
        if not ready:
            raise ValueError("the work orders wait for each other in a circle")
        for key in ready:
            column[key] = 1 + max((column[p] for p in waiting[key]), default=-1)
        for key in ready:
            del waiting[key]
    return column


def _rows(before: Mapping[str, list[str]], column: Mapping[str, int]) -> dict[str, int]:
    row: dict[str, int] = {}
    for number in range(max(column.values(), default=-1) + 1):
        here = [key for key in before if column[key] == number]

        def middle(key: str) -> float:
            rows = [row[k] for k in before[key]]
            return sum(rows) / len(rows) if rows else len(row)

        for at, key in enumerate(sorted(here, key=middle) if number else here):
            row[key] = at
    return row


def _edge(start: Node, end: Node) -> str:
    x1, y1 = start.x + NODE_WIDTH, start.y + NODE_HEIGHT // 2
    x2, y2 = end.x - 6, end.y + NODE_HEIGHT // 2
    bend = (x2 - x1) // 2
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"


def _of(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
