"""The geometry of bars and lines; templates/parts/charts draw it with SVG attributes.

Figures are whole numbers (fen, minutes, counts). Rounding to pixels is the only float here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NARROW, WIDE, HEIGHT = 400, 800, 190
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 20, 26
_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid and the figure it stands for."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar, or one point of a line."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float
    middle: float
    meaning: str
    named: bool  # whether the axis has room for its label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything a chart template needs."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    base_y: float
    width: int
    limit_y: float | None = None
    height: int = HEIGHT
    left: int = LEFT

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def line(self) -> str:
        return " ".join(f"{mark.middle},{mark.y}" for mark in self.marks)

    @property
    def area(self) -> str:
        if not self.marks:
            return ""
        first, last = self.marks[0].middle, self.marks[-1].middle
        return f"{first},{self.base_y} {self.line} {last},{self.base_y}"


def draw(
    rows: Sequence[Sequence], *, limit: int | None = None, bars: bool = True, wide: bool = False
) -> Drawing:
    """Place (label, value[, meaning]) rows on the plane; ``limit`` is a line across it."""
    drawing_width = WIDE if wide else NARROW
    values = [max(int(row[1]), 0) for row in rows]
    top = round_top(max([*values, limit or 0, 1]))
    plane = HEIGHT - TOP - BOTTOM
    base_y = HEIGHT - BOTTOM

    def y_of(value: int) -> float:
        return round(base_y - plane * value / top, 1)

    slot = (drawing_width - LEFT - RIGHT) / max(len(rows), 1)
    width = round(min(slot * 0.62, 56), 1) if bars else 0
    every = max(1, -(-len(rows) // (15 if wide else 8)))
    marks = []
    for at, (row, value) in enumerate(zip(rows, values, strict=True)):
        middle = LEFT + slot * (at + 0.5)
        marks.append(
            Mark(
                label=str(row[0]),
                value=int(row[1]),
                x=round(middle - width / 2, 1),
                y=y_of(value),
                width=width,
                height=round(base_y - y_of(value), 1),
                middle=round(middle, 1),
                meaning=str(row[2]) if len(row) > 2 else "",
                named=at % every == 0,
            )
        )
    ticks = tuple(Tick(y_of(top * n // 4), top * n // 4) for n in range(5))
    return Drawing(
        marks=tuple(marks),
        ticks=ticks if top >= 4 else (Tick(y_of(0), 0), Tick(y_of(top), top)),
        base_y=base_y,
        width=drawing_width,
        limit_y=None if limit is None else y_of(limit),
    )


def round_top(highest: int) -> int:
    """A round figure at or above the highest, divisible by four where it can be."""
    size = 1
    while True:
        for step in _STEPS:
            top = 4 * step * size
            if top >= highest:
                return top if highest > 3 else max(highest, 1)
        size *= 10
