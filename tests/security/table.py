"""``matrix.txt``: who gets what from every address."""

import re
from dataclasses import dataclass
from pathlib import Path

from bss.kernel.access import ROLES
from tests.security.a_world import NOBODY

FILE = Path(__file__).parent / "matrix.txt"
COLUMNS = (*ROLES, *NOBODY)


@dataclass(frozen=True, slots=True)
class Row:
    """One operation. A cell is a status, or ``inside/outside`` where the scope decides."""

    method: str
    address: str
    cells: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.address}"

    @property
    def has_places(self) -> bool:
        """Whether something stands in the address that may be outside of a scope."""
        return bool(re.search(r"\{(?!month)\w+\}", self.address))

    def written(self) -> str:
        return " ".join(
            [f"{self.method:4} {self.address:<58}", *(f"{cell:<9}" for cell in self.cells)]
        ).rstrip()


def rows() -> list[Row]:
    found = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            method, address, *cells = line.split()
            found.append(Row(method, address, tuple(cells)))
    return found
