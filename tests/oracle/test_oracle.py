"""The oracle agrees with the figures that were worked out by hand, and its inventions are files."""

from pathlib import Path

import pytest
import yaml

from tests.oracle.generate import as_yaml, generated
from tests.oracle.reader import read
from tests.oracle.run import outcome

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests" / "scenarios").rglob("*.yaml"))


@pytest.fixture(scope="module")
def catalogue():
    return yaml.safe_load((ROOT / "packages_wo" / "catalogue.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_oracle_finds_what_was_worked_out_by_hand(path, catalogue):
    answer = outcome(read(path), catalogue, path.parent)

    assert answer["mismatches"] == []


@pytest.mark.parametrize("seed", range(20))
def test_an_invented_scenario_is_the_same_each_time_and_holds_when_read_back(seed, catalogue):
    text = as_yaml(generated(seed, catalogue))

    assert text == as_yaml(generated(seed, catalogue))
    answer = outcome(yaml.safe_load(text), catalogue, ROOT)
    assert answer["mismatches"] == []
    assert 8 <= len(answer["outcome"]["steps"]) <= 80
