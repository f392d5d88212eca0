"""Records as columns: one array per field, all of one length."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from billing.batch.usage.words import Flags, Ints


@dataclass(slots=True)
class Columns:
    """Arrays of one length, which are picked from and joined together."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def pick(self, rows: Ints | Flags) -> Self:
        """The rows at these places, or those marked, in order."""
        return type(self)(**{name: getattr(self, name)[rows] for name in self.names()})

    def slice(self, rows: slice) -> Self:
        """A run of rows, without a copy."""
        return type(self)(**{name: getattr(self, name)[rows] for name in self.names()})

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(field.name for field in fields(cls))

    @classmethod
    def joined(cls, parts: "list[Self]") -> Self:
        if len(parts) == 1:
            return parts[0]
        return cls(
            **{name: np.concatenate([getattr(p, name) for p in parts]) for name in cls.names()}
        )


@dataclass(slots=True)
class Shaped(Columns):
    """Records as read. Units: ``_us`` microseconds since 1970, ``_s`` seconds, KB, hao.

    ``key`` and ``check`` are 128 bits of the record id. A number is its value and how many digits
    it has; ``service_code`` is both in one, negative for what is not digits. Where
    ``is_malformed``, nothing but ``line_no`` means anything.
    """

    line_no: Ints
    is_malformed: Flags
    key: Ints
    check: Ints
    service_code: Ints
    call_type: NDArray[np.int8]
    other_value: Ints
    other_digits: NDArray[np.int8]
    other_plus: Flags
    start_us: Ints
    duration_s: Ints
    visited_value: Ints
    visited_digits: NDArray[np.int8]
    visited_is_text: Flags
    volume_kb: Ints
    info_fee_hao: Ints

    @property
    def end_us(self) -> Ints:
        return self.start_us + self.duration_s * 1_000_000
