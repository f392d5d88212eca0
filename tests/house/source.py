"""The product's own source as the style tests read it: modules, rule ids, addresses."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from django.urls import URLPattern, get_resolver

HOUSE = Path(__file__).resolve().parents[2]
APPS = ("bss", "customers", "channels", "packages_wo", "billing", "orders", "complaints")
RULE_ID = re.compile(r"\b(?:GEN|ELG|PAR|EFF|CHG|CAN|ACC|CRD|RAT|BIL|PAY|CARE)-\d+\b")
_CLAUSE = re.compile(r"^\| *([A-Z]+-\d+) *\|", re.MULTILINE)


def clauses_of(file: Path) -> set[str]:
    """The ids of the rules that a book of rules says, one to a row."""
    return set(_CLAUSE.findall(file.read_text()))


@cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    """The files of the repository, and those that are about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    return tuple(path for line in listed.splitlines() if (path := HOUSE / line).is_file())


def lines_with(pattern: re.Pattern[str], files: Iterable[Path]) -> list[str]:
    """Where a line of these files has what the pattern looks for, and the line."""
    return [
        f"{place(file)}:{number} {line.strip()[:80]}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if pattern.search(line)
    ]


def files(*suffixes: str) -> Iterator[Path]:
    """The product's files with these endings, without what Django generates."""
    for app in APPS:
        for file in sorted((HOUSE / app).rglob("*")):
            if file.suffix in suffixes and "migrations" not in file.parts:
                yield file


@cache
def trees() -> dict[str, ast.Module]:
    """Each module of the product by its path, read once."""
    return {place(file): ast.parse(file.read_text()) for file in files(".py")}


def place(file: Path) -> str:
    return file.relative_to(HOUSE).as_posix()


def addresses() -> Iterator[tuple[str, URLPattern]]:
    """Every (route, pattern) that the product answers."""

    def walk(patterns: list, before: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            route = f"{before}{pattern.pattern}"
            if isinstance(pattern, URLPattern):
                yield route, pattern
            else:
                yield from walk(pattern.url_patterns, route)

    yield from walk(get_resolver().url_patterns, "")
