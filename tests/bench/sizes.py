"""How much is measured: the sizes of the goals, or small ones for a quick look."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    quick: bool

    def of(self, full: int, *, quick: int) -> int:
        return quick if self.quick else full
