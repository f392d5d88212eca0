"""Read a scenario file: YAML whose dates stay text, checked for shape and for what it refers to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from bss.kernel.periods import Month, local_moment

ACTIONS = (
    "order",
    "complete",
    "withdraw",
    "pay",
    "reverse",
    "special_ledger",
    "usage",
    "month_start",
    "close_month",
    "credit_run",
)
ORDER_SHAPES = ("open_bundle", "change_bundle", "cancel_bundle")


class BadScenarioError(Exception):
    """A file that cannot be run: the place in it and what is wrong there."""

    def __init__(self, place: str, sentence: str) -> None:
        self.place = place
        self.sentence = sentence
        super().__init__(f"{place}: {sentence}" if place else sentence)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: the moment, the action and its fields, the rules that must refuse."""

    place: str
    at: datetime
    action: str
    fields: Any
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario file as it stands, its steps in order."""

    name: str
    directory: Path
    customers: Mapping[str, Mapping[str, Any]]
    subscriptions: Mapping[str, Mapping[str, Any]]
    steps: tuple[Step, ...]
    expect: Mapping[str, Any]
    catalogue: Mapping[str, Any] = field(default_factory=dict)


class _TextLoader(yaml.SafeLoader):
    """YAML without its timestamps, fractions and base-60 numbers: these stay text as written."""


_TextLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path) -> Any:
    """The file's content. Raises: BadScenarioError with the line that cannot be read."""
    try:
        return yaml.load(path.read_text("utf-8-sig"), _TextLoader)
    except OSError as error:
        raise BadScenarioError("", f"cannot be opened: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadScenarioError(f"byte {error.start}", "is not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise BadScenarioError(place, f"is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BadScenarioError("", f"is not YAML: {' '.join(str(error).split())}") from error


def read_scenario(path: Path) -> Scenario:
    """Read and check the shape. Raises: BadScenarioError at the first fault."""
    document = load_yaml(path)
    _check("scenario", document, "")
    return Scenario(
        name=document["name"],
        directory=path.parent,
        catalogue=document.get("catalogue") or {},
        customers=document["customers"],
        subscriptions=document["subscriptions"] or {},
        steps=_steps(document["timeline"]),
        expect=document.get("expect") or {},
    )


def _steps(timeline: list[Any]) -> tuple[Step, ...]:
    steps: list[Step] = []
    for number, raw in enumerate(timeline, start=1):
        place = f"timeline, step {number}"
        _check("step", raw, place)
        actions = [action for action in ACTIONS if action in raw]
        if len(actions) != 1:
            raise BadScenarioError(
                place, f"needs exactly one of {', '.join(ACTIONS)}; it has {len(actions)}"
            )
        (action,) = actions
        if action == "order":
            kind = raw["order"]["type"]
            _check(kind if kind in ORDER_SHAPES else "single", raw["order"], f"{place}, order")
        at = _moment(raw["at"], f"{place}, at")
        if steps and at < steps[-1].at:
            raise BadScenarioError(f"{place}, at", f"{raw['at']} is before the step above it")
        if action in ("month_start", "close_month"):
            _check_month(action, raw[action], at, place)
        refused = raw.get("refused", [])
        steps.append(
            Step(
                place=place,
                at=at,
                action=action,
                fields=raw[action],
                refused=tuple([refused] if isinstance(refused, str) else refused),
            )
        )
    return tuple(steps)


def _check_month(action: str, text: str, at: datetime, place: str) -> None:
    try:
        month = Month.parse(text)
    except ValueError as error:
        raise BadScenarioError(f"{place}, {action}", str(error)) from error
    earliest = month.starts_at if action == "month_start" else month.ends_at
    if at < earliest:
        raise BadScenarioError(
            f"{place}, {action}", f"{text} cannot be run before {earliest:%Y-%m-%dT%H:%M}"
        )


def _moment(text: str, place: str) -> datetime:
    try:
        return local_moment(text)
    except ValueError as error:
        raise BadScenarioError(place, f"{text!r} is not a moment ({error})") from error


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = yaml.safe_load((Path(__file__).parent / "schema.yaml").read_text("utf-8"))
    return Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})


def _check(shape: str, value: Any, place: str) -> None:
    error = best_match(_validator(shape).iter_errors(value))
    if error is not None:
        raise BadScenarioError(*_place_and_sentence(error, place))


def _place_and_sentence(error: ValidationError, place: str) -> tuple[str, str]:
    path = ".".join(str(part) for part in error.absolute_path)
    where = ", ".join(part for part in (place, path) if part) or "top level"
    sentence = " ".join(error.message.split())
    return where, sentence if len(sentence) <= 300 else f"{sentence[:300]}…"
