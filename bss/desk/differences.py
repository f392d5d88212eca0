"""The geometry of what made a sum larger or smaller: one bar per reason, left or right of a line.

Figures are whole numbers (fen). Rounding to pixels is the only float here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, TOP = 680, 26, 4
NAMES, FIGURES = 220, 78
"""What is kept free on the left for the reasons' names, and beside the bars for figures."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason; the last bar is the sum."""

    label: str
    value: int
    x: float
    y: int
    width: float
    text_x: float
    anchor: str
    meaning: str

    @property
    def height(self) -> int:
        return ROW - 8

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything the template needs."""

    bars: tuple[Bar, ...]
    zero_x: float
    height: int
    width: int = WIDTH
    names: int = NAMES


def draw_differences(rows: Sequence[tuple[str, int]], total_label: str) -> Differences:
    """Place (label, difference) rows, and their sum below them, around one zero line."""
    values = [value for _label, value in rows]
    all_rows = [*rows, (total_label, sum(values))]
    reach = [value for _label, value in all_rows]
    up, down = max(0, *reach), max(0, *(-value for value in reach))
    plane = WIDTH - NAMES - FIGURES * ((up > 0) + (down > 0))
    scale = plane / max(up + down, 1)
    zero_x = NAMES + (FIGURES if down else 0) + down * scale
    bars = []
    for place, (label, value) in enumerate(all_rows):
        width = max(abs(value) * scale, 1.0)
        end = zero_x + width if value >= 0 else zero_x - width
        last = place == len(all_rows) - 1
        bars.append(
            Bar(
                label=label,
                value=value,
                x=round(min(zero_x, end), 1),
                y=TOP + place * ROW + (6 if last else 0),
                width=round(width, 1),
                text_x=round(end + (6 if value >= 0 else -6), 1),
                anchor="start" if value >= 0 else "end",
                meaning="at" if last else "more" if value >= 0 else "less",
            )
        )
    return Differences(
        bars=tuple(bars), zero_x=round(zero_x, 1), height=TOP * 2 + len(all_rows) * ROW + 6
    )
