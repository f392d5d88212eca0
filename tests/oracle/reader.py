"""Reads scenario files and the catalogue; says in one line what is wrong with a bad one."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml


class BadFileError(Exception):
    """The file is no scenario: nothing of it is judged."""


def read(path: Path | str) -> dict[str, Any]:
    try:
        scenario = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadFileError(str(error).replace("\n", " ")) from error
    if not isinstance(scenario, dict):
        raise BadFileError("a scenario is a mapping")
    return scenario


def merged(base: Any, over: Any) -> Any:
    """Deep-merge ``over`` on ``base``: maps key by key, anything else is replaced."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {**base, **{key: merged(base.get(key), value) for key, value in over.items()}}


def moment(value: Any) -> datetime:
    """A local business moment; a bare day is none."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    text = str(value)
    if "T" not in text and " " not in text:
        raise ValueError(f"{text!r} is no moment")
    return datetime.fromisoformat(text)


def day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def midnight(value: Any) -> datetime:
    return datetime.combine(day(value), time())


def steps(scenario: dict[str, Any]) -> Iterator[tuple[datetime, str, Any, list[str] | None]]:
    """Each step as moment, kind, fields and the refusals it names; time must not run back."""
    before = None
    for number, step in enumerate(scenario.get("timeline") or [], start=1):
        kinds = [key for key in step if key not in ("at", "refused")]
        if len(kinds) != 1:
            raise BadFileError(f"step {number}: one kind per step, not {kinds}")
        at = moment(step["at"])
        if before and at < before:
            raise BadFileError(f"step {number}: out of time order")
        before = at
        refused = step.get("refused")
        yield at, kinds[0], step[kinds[0]], [refused] if isinstance(refused, str) else refused


def usage_records(fields: Any, directory: Path | str) -> list[dict[str, Any]]:
    """The records of a ``usage`` step: as listed, or of the CSV file beside the scenario."""
    if isinstance(fields, list):
        return fields
    with (Path(directory) / fields["file"]).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
