"""How a line of a file is cut into fields: an interface, and the formats that there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from billing.batch.usage.commas import cut_csv
from billing.batch.usage.fixed import cut_fixed
from billing.batch.usage.lines import Block
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


def id_of(format: Format, line: str) -> str:
    """The record id in a line; empty when it has none."""
    return (format.fields_of(line) or {}).get("record_id", "").strip()
