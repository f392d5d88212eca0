"""Reading a nested document as people write it, collecting every fault with its place.

A read that fails notes its fault and gives a harmless value, so that the whole document is looked
at once; the caller asks for the faults at the end.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from bss.kernel.units import Fen, Hao, parse_yuan_fen, parse_yuan_hao

T = TypeVar("T")
Amount = TypeVar("Amount", Fen, Hao)


class Reader:
    """One mapping of the document at its place; readers of parts share the list of faults."""

    def __init__(self, value: object, *, place: str, faults: list[tuple[str, str]]) -> None:
        self.place = place
        self.faults = faults
        self.values: dict[str, Any] = {}
        if isinstance(value, Mapping):
            self.values = {str(key): part for key, part in value.items()}
        else:
            self.fault("", "应为一组键值")

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place and key else self.place or key

    def fault(self, key: str, sentence: str) -> None:
        self.faults.append((self.at(key), sentence))

    def only(self, *keys: str) -> None:
        """Every other key is a fault: a misspelt one must not be lost in silence."""
        for key in self.values:
            if key not in keys:
                self.fault(key, "未知的键；可用：" + "、".join(keys))

    def has(self, key: str) -> bool:
        return key in self.values

    def part(self, key: str) -> "Reader":
        """The mapping under ``key``."""
        if not self._present(key):
            return Reader({}, place=self.at(key), faults=self.faults)
        return Reader(self.values[key], place=self.at(key), faults=self.faults)

    def parts(self, *, beside: Iterable[str] = ()) -> "Iterable[tuple[str, Reader]]":
        """Every entry but those of ``beside`` as a mapping."""
        skipped = tuple(beside)
        for key, value in self.values.items():
            if key not in skipped:
                yield key, Reader(value, place=self.at(key), faults=self.faults)

    def text(self, key: str, *, among: Iterable[str] = (), default: str | None = None) -> str:
        if default is not None and not self.has(key):
            return default
        if not self._present(key):
            return ""
        value = self.values[key]
        allowed = tuple(among)
        if not isinstance(value, str) or not value.strip():
            self.fault(key, f"应为文字，不是 {value!r}")
            return ""
        if allowed and value not in allowed:
            self.fault(key, f"{value!r} 不在可用值之列：" + "、".join(allowed))
        return value

    def count(self, key: str, *, least: int = 0, default: int | None = None) -> int:
        """A whole number from ``least`` up."""
        if default is not None and not self.has(key):
            return default
        if not self._present(key):
            return least
        value = self.values[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.fault(key, f"应为不小于 {least} 的整数，不是 {value!r}")
            return least
        return value

    def flag(self, key: str) -> bool:
        """true or false; false when it is not there."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, f"应为 true 或 false，不是 {value!r}")
            return False
        return value

    def fen(self, key: str) -> Fen:
        """An amount in yuan with at most two decimals, written as text."""
        return self._amount(key, parse_yuan_fen, Fen(0))

    def hao(self, key: str) -> Hao:
        """A unit price in yuan with at most four decimals, written as text."""
        return self._amount(key, parse_yuan_hao, Hao(0))

    def day(self, key: str) -> date:
        if not self._present(key):
            return date.min
        value = self.values[key]
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fault(key, f"应为日期，如 2026-01-01，不是 {value!r}")
            return date.min

    def texts(self, key: str, *, among: Iterable[str] = (), least: int = 0) -> tuple[str, ...]:
        """A list of different texts."""
        if not self._present(key):
            return ()
        value = self.values[key]
        allowed = tuple(among)
        if not isinstance(value, list) or len(value) < least:
            self.fault(key, f"应为至少 {least} 项的列表" if least else "应为列表")
            return ()
        for index, item in enumerate(value):
            if not isinstance(item, str) or not item:
                self.fault(f"{key}.{index}", f"应为文字，不是 {item!r}")
            elif allowed and item not in allowed:
                self.fault(f"{key}.{index}", f"{item!r} 不在可用值之列：" + "、".join(allowed))
            elif item in value[:index]:
                self.fault(f"{key}.{index}", f"{item!r} 重复")
        return tuple(str(item) for item in value)

    def digits(self, key: str, *, least: int = 0) -> tuple[str, ...]:
        """A list of different digit strings."""
        found = self.texts(key, least=least)
        for index, item in enumerate(found):
            if not (item.isascii() and item.isdigit()):
                self.fault(f"{key}.{index}", f"应为数字串，不是 {item!r}")
        return found

    def _present(self, key: str) -> bool:
        if self.has(key):
            return True
        self.fault(key, "缺少这一项")
        return False

    def _amount(self, key: str, parse: Callable[[str], Amount], nothing: Amount) -> Amount:
        if not self._present(key):
            return nothing
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.fault(key, f'金额应写成带引号的文字，如 "12.50"，不是 {value!r}')
            return nothing
        try:
            amount = parse(str(value))
        except ValueError:
            self.fault(key, f"{value!r} 不是可用的金额（元）：最多两位小数，单价最多四位")
            return nothing
        if amount < 0:
            self.fault(key, f"{value!r} 不能为负")
            return nothing
        return amount
