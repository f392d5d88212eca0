"""A figure: a name, what was measured, and the goal it is held to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number; without a goal it is told and cannot miss.

    Units: ``unit`` is written right behind the number: ``/s``, ``s``, ``%``, ``x``, ``MiB``.
    """

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool:
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    @property
    def told(self) -> tuple[str, str, str, str]:
        """Name, value, goal, and ``ok`` or ``MISS``."""
        goals = []
        if self.at_least is not None:
            goals.append(f">={_number(self.at_least)}{self.unit}")
        if self.at_most is not None:
            goals.append(f"<={_number(self.at_most)}{self.unit}")
        value = f"{_number(self.value)}{self.unit}"
        return self.name, value, ",".join(goals) or "-", "ok" if self.met else "MISS"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
