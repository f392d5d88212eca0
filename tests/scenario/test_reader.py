"""A bad scenario file is refused with its place and what is wrong, before anything runs."""

from pathlib import Path

import pytest

from bss.scenario.expectation import mismatches
from bss.scenario.reader import BadScenarioError, read_scenario
from bss.scenario.references import check_references, merged

SCENE = """
name: a test
customers:
  c1: {kind: enterprise, name: 北京晨光商贸有限公司, area: "010",
       document: {type: business_license, number: "91110105MA01C2XK3E"}}
subscriptions:
  f1: {owner: c1, service: fixed, number: "01062000001", plan: FIXED-STD, since: 2026-01-01}
timeline:
"""


def check(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(text, "utf-8")
    check_references(read_scenario(path))


@pytest.mark.parametrize(
    ("steps", "place", "sentence"),
    [
        ("  - {at: 2026-10-01, credit_run: {}}", "timeline, step 1, at", "does not match"),
        ("  - {at: 2026-13-01T00:00, credit_run: {}}", "timeline, step 1, at", "is not a moment"),
        (
            "  - {at: 2026-10-02T00:00, credit_run: {}}\n"
            "  - {at: 2026-10-01T00:00, credit_run: {}}",
            "timeline, step 2, at",
            "before the step above",
        ),
        ("  - {at: 2026-10-01T00:00}", "timeline, step 1", "exactly one of"),
        ("  - {at: 2026-10-01T00:00, dance: {}}", "timeline, step 1", "'dance'"),
        (
            "  - {at: 2026-10-01T00:00, pay: {account: u9, amount: '1.00', key: k}}",
            "timeline, step 1, pay.account",
            "no account 'u9'",
        ),
        (
            "  - {at: 2026-10-01T00:00, pay: {account: f1, ledger: x, amount: '1.00', key: k}}",
            "timeline, step 1, pay.ledger",
            "no ledger 'x'",
        ),
        (
            "  - {at: 2026-10-01T00:00, close_month: 2026-10}",
            "timeline, step 1, close_month",
            "cannot be run before 2026-11-01",
        ),
        ("  - {at: 2026-10-01T00:00, complete: o1}", "timeline, step 1, complete", "'o1'"),
        (
            "  - {at: 2026-10-01T00:00, order: {id: o, type: change_plan, subscription: f1,"
            " plan: GOLD}}",
            "timeline, step 1, order.plan",
            "no plan 'GOLD'",
        ),
        (
            "  - {at: 2026-10-01T00:00, order: {id: o, type: open_bundle, customer: c1,"
            " offering: basic, scheme: A, tier: 57, members: [f1], account: u1}}",
            "timeline, step 1, order.tier",
            "no tier of basic '57'",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, steps: str, place: str, sentence: str
) -> None:
    with pytest.raises(BadScenarioError) as error:
        check(tmp_path, SCENE + steps)

    assert error.value.place == place
    assert sentence in error.value.sentence


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadScenarioError) as error:
        check(tmp_path, "name: x\ncustomers: [\n")

    assert error.value.place.startswith("line 3")


def test_a_good_file_is_read_with_its_dates_as_text(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENE + "  - {at: 2026-09-30T23:59:59, credit_run: {}}", "utf-8")

    scenario = read_scenario(path)

    assert scenario.subscriptions["f1"]["since"] == "2026-01-01"
    assert scenario.steps[0].at.isoformat() == "2026-09-30T23:59:59+08:00"


def test_overrides_are_merged_deeply() -> None:
    base = {"a": {"x": 1, "y": {"z": 2}}, "b": [1]}

    assert merged(base, {"a": {"y": {"w": 3}}, "b": [2]}) == {
        "a": {"x": 1, "y": {"z": 2, "w": 3}},
        "b": [2],
    }


def test_maps_are_compared_by_named_keys_and_lists_whole() -> None:
    actual = {"a": 1, "b": {"c": None}, "d": ["x", "y"]}

    assert mismatches({"a": 1, "b": {"c": None}}, actual) == []
    assert mismatches({"d": ["x"]}, actual) == ["d: expected ['x'], got ['x', 'y']"]
    assert mismatches({"b": {"c": "1"}}, actual) == ["b.c: expected '1', got null"]
    assert mismatches({"e": 1}, actual) == ["e: expected 1, but it is not there"]
