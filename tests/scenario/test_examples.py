"""Every scenario file in the repository holds, through the real services."""

from pathlib import Path

import pytest

from bss.scenario.reader import read_scenario
from bss.scenario.run import run_scenario

HERE = Path(__file__).resolve().parents[1] / "scenarios"
FILES = sorted(HERE.rglob("*.yaml"))
SHARED = HERE.parents[2] / "shared"


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_expectation_of_the_scenario_holds(path: Path) -> None:
    # when
    result = run_scenario(read_scenario(path))

    # then
    assert result["mismatches"] == []
    assert result["ok"] is True


@pytest.mark.skipif(not SHARED.is_dir(), reason="the originals are not beside this checkout")
def test_the_copied_examples_and_catalogue_are_the_originals() -> None:
    # given
    originals = sorted((SHARED / "scenarios").glob("*.yaml"))

    # then
    assert [path.name for path in originals] == [
        path.name for path in sorted((HERE / "examples").glob("*.yaml"))
    ]
    for original in originals:
        assert (HERE / "examples" / original.name).read_bytes() == original.read_bytes()
    catalogue = HERE.parents[1] / "packages_wo" / "catalogue.yaml"
    assert catalogue.read_bytes() == (SHARED / "domain" / "catalogue.yaml").read_bytes()
