"""Product and oracle, derived twice from the same rules, agree on invented scenarios, whole."""

import json
from pathlib import Path

import pytest

from bss.scenario.reader import read_scenario
from bss.scenario.run import run_scenario
from packages_wo.queries.sample import sample_catalogue
from tests.oracle.compare import differences
from tests.oracle.generate import as_yaml, generated
from tests.oracle.reader import read
from tests.oracle.run import outcome

SMALL = range(40, 48)
THOROUGH = range(1000, 1200)


def compare(seed: int, directory: Path) -> list[str]:
    path = directory / f"{seed}.yaml"
    path.write_text(as_yaml(generated(seed, sample_catalogue())), "utf-8")
    oracle = outcome(read(path), sample_catalogue(), directory)["outcome"]
    product = run_scenario(read_scenario(path))["outcome"]
    return differences(json.loads(json.dumps(product)), json.loads(json.dumps(oracle)))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SMALL)
def test_an_invented_scenario_comes_out_the_same(seed: int, tmp_path: Path) -> None:
    assert compare(seed, tmp_path) == []


@pytest.mark.thorough
@pytest.mark.django_db
@pytest.mark.parametrize("seed", THOROUGH)
def test_hundreds_of_invented_scenarios_come_out_the_same(seed: int, tmp_path: Path) -> None:
    assert compare(seed, tmp_path) == []
