"""How a line of a file is cut into fields: an interface, and the formats that there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from billing.batch.usage.commas import cut_csv
from billing.batch.usage.fixed import cut_fixed
from billing.batch.usage.lines import Block, block_of_lines
from billing.batch.usage.shape import Cut
from billing.models import UsageFile
from billing.rules.usage_line import CSV, FIXED, line_fields


class Format(Protocol):
    """``cut`` finds the fields of many lines at once, ``fields_of`` those of any one line."""

    def cut(self, block: Block) -> Cut: ...

    def fields_of(self, line: str) -> Mapping[str, str] | None: ...


@dataclass(frozen=True, slots=True)
class Csv:
    """Fields between commas, named by the file's first line."""

    columns: Sequence[str]

    def cut(self, block: Block) -> Cut:
        return cut_csv(block, columns=self.columns)

    def fields_of(self, line: str) -> Mapping[str, str] | None:
        return line_fields(line, format=CSV, columns=self.columns)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Fields of one width each, as the manifest names them: ``record_id:20``."""

    columns: Sequence[str]

    def cut(self, block: Block) -> Cut:
        return cut_fixed(block, columns=self.columns)

    def fields_of(self, line: str) -> Mapping[str, str] | None:
        return line_fields(line, format=FIXED, columns=self.columns)


def format_of(file: UsageFile) -> Format:
    columns = tuple(file.columns)
    return Fixed(columns) if file.format == FIXED else Csv(columns)


def ids_of(format: Format, lines: Sequence[str]) -> list[str]:
    """The record ids in lines; empty where there is none."""
    if not lines:
        return []
    block = block_of_lines(list(enumerate(lines)))
    cut, raw = format.cut(block), block.raw.tobytes()
    fields = zip(
        cut.start["record_id"].tolist(),
        cut.length["record_id"].tolist(),
        cut.is_plain.tolist(),
        lines,
        strict=True,
    )
    return [
        raw[start : start + length].decode() if is_plain else id_of(format, line)
        for start, length, is_plain, line in fields
    ]


def id_of(format: Format, line: str) -> str:
    """The record id in a line; empty when it has none."""
    return (format.fields_of(line) or {}).get("record_id", "").strip()
