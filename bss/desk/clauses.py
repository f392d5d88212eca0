"""The clauses behind every rule id, read from docs/rules.md."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from bss.kernel.rulebook import rule_order

_ROW = re.compile(r"^\|\s*([A-Z]+-\d+)\s*\|\s*(.+?)\s*\|\s*(.+?)\s*\|\s*(.*?)\s*\|$")
_CODE = re.compile(r"`([^`]+)`")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_SECTION = re.compile(r"^## (.+?) / (.+)$")


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule: its id, what it says in both languages, and where it comes from."""

    rule: str
    chinese: str
    english: str
    source: str

    @property
    def text(self) -> str:
        return self.english if (get_language() or "").startswith("en") else self.chinese

    @property
    def html(self) -> SafeString:
        """The text with its `code` and **bold** set."""
        text = _BOLD.sub(r"<b>\1</b>", _CODE.sub(r"<code>\1</code>", escape(self.text)))
        return mark_safe(text)  # escaped above


@dataclass(frozen=True, slots=True)
class Section:
    chinese: str
    english: str
    clauses: tuple[Clause, ...]

    @property
    def title(self) -> str:
        return self.english if (get_language() or "").startswith("en") else self.chinese


@cache
def sections() -> tuple[Section, ...]:
    """All clauses by section, in the order of the book."""
    return parse((Path(settings.BASE_DIR) / "docs" / "rules.md").read_text(encoding="utf-8"))


@cache
def clause(rule: str) -> Clause | None:
    """The clause of one rule id."""
    return next((c for s in sections() for c in s.clauses if c.rule == rule), None)


def parse(text: str) -> tuple[Section, ...]:
    """Sections are ``## 中文 / English``; clauses are rows of four columns."""
    found: list[tuple[str, str, list[Clause]]] = []
    for line in text.splitlines():
        if title := _SECTION.match(line):
            found.append((title[1], title[2], []))
        elif (row := _ROW.match(line)) and found:
            found[-1][2].append(Clause(row[1], row[2], row[3], row[4]))
    return tuple(
        Section(chinese, english, tuple(sorted(rows, key=lambda c: rule_order(c.rule))))
        for chinese, english, rows in found
    )
