"""Run one scenario through the same services that clerks, agents and the batch use."""

from typing import Any

from django.db import transaction

from bss.kernel.errors import BadInputError
from bss.kernel.outbox import drain
from bss.kernel.rulebook import RefusedError, rule_order
from bss.scenario.expectation import mismatches
from bss.scenario.outcome import outcome_of
from bss.scenario.reader import BadScenarioError, Scenario, Step
from bss.scenario.references import check_references
from bss.scenario.scratch import nothing_lasts, settle
from bss.scenario.setup import set_the_scene
from bss.scenario.steps import ACTIONS
from bss.scenario.world import World
from bss.wiring import EVENTS


def run_scenario(scenario: Scenario) -> dict[str, Any]:
    """The result of one file: ``name``, ``ok``, ``mismatches``, ``outcome``.

    Leaves the database as it was. Raises: BadScenarioError when the file refers to what is not.
    """
    with nothing_lasts():
        catalogue = check_references(scenario)
        world = set_the_scene(scenario, catalogue)
        steps: list[dict[str, Any]] = []
        found: list[str] = []
        for number, step in enumerate(scenario.steps):
            result = _take(step, world, scenario)
            steps.append(result)
            found += _surprises(step, result, place=f"steps[{number}]")
        outcome = outcome_of(world, steps)
    found += mismatches(scenario.expect, outcome)
    return {"name": scenario.name, "ok": not found, "mismatches": found, "outcome": outcome}


def _take(step: Step, world: World, scenario: Scenario) -> dict[str, Any]:
    """One step, whole or not at all; then what it announced is handled, as after a commit."""
    try:
        with transaction.atomic():
            ACTIONS[step.action](step, world, scenario)
    except RefusedError as refused:
        return {"refused": refused.rules}
    except BadInputError as error:
        raise BadScenarioError(step.place, str(error)) from error
    drain(EVENTS, reraise=True)
    settle()
    return {"ok": True}


def _surprises(step: Step, result: dict[str, Any], *, place: str) -> list[str]:
    """Whether the step was refused exactly by the rules that it names."""
    got = result.get("refused", [])
    wanted = sorted(set(step.refused), key=rule_order)
    if got == wanted:
        return []
    if not wanted:
        return [f"{place}: refused by {', '.join(got)}, but it must not be refused"]
    if not got:
        return [f"{place}: not refused, but {', '.join(wanted)} must refuse it"]
    return [f"{place}: refused by {', '.join(got)}, expected {', '.join(wanted)}"]
