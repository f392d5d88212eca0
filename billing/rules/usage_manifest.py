"""The paper that comes with a usage file: what it holds, from which switch, the how-manieth.

It is written after the file, so that its being there says that the file is whole.
Source: RAT-15 (records in = rated + rejected, checked for every file).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from billing.rules.usage_line import CSV, FIXED, FORMATS, column_of
from billing.rules.usage_record import FIELDS, REQUIRED_COLUMNS

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SWITCH = re.compile(r"[A-Za-z0-9._-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``sha256`` is of the file as it lies there, packed or not; ``columns`` of a fixed format."""

    sha256: str
    records: int
    switch: str
    sequence: int
    format: str = CSV
    columns: tuple[str, ...] = ()


def read_manifest(text: str) -> Manifest:
    """Raises: ValueError with one sentence when it cannot be used."""
    try:
        given = json.loads(text)
    except ValueError as fault:
        raise ValueError("the manifest is not JSON") from fault
    if not isinstance(given, dict):
        raise ValueError("the manifest is not an object")
    manifest = Manifest(
        sha256=str(given.get("sha256", "")).lower(),
        records=_whole(given, "records", least=0),
        switch=str(given.get("switch", "")),
        sequence=_whole(given, "sequence", least=1),
        format=str(given.get("format", CSV)),
        columns=tuple(map(str, given.get("columns", ()))),
    )
    if not _SHA256.fullmatch(manifest.sha256):
        raise ValueError("the manifest has no SHA-256 checksum")
    if not _SWITCH.fullmatch(manifest.switch):
        raise ValueError("the manifest names no switch")
    if manifest.format not in FORMATS:
        raise ValueError(f"the manifest names a format that is not known: {manifest.format[:20]!r}")
    if manifest.format == FIXED:
        _check_columns(manifest.columns)
    return manifest


def missing_numbers(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The gaps between the first and the last of a switch's file numbers, both ends missing."""
    known = sorted(set(numbers))
    return [(before + 1, after - 1) for before, after in pairwise(known) if after > before + 1]


def _whole(given: dict[str, object], name: str, *, least: int) -> int:
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"the manifest's {name} is not a whole number from {least} up")
    return value


def _check_columns(columns: Sequence[str]) -> None:
    names = [column_of(column)[0] for column in columns]
    missing = [name for name in REQUIRED_COLUMNS if name not in names]
    if missing:
        raise ValueError(f"the manifest lacks the column {missing[0]}")
    if len(set(names)) != len(names) or not set(names) <= set(FIELDS):
        raise ValueError("the manifest names a column twice, or one that is not known")
