"""The frame of ``make bench``; the benchmarks themselves run there alone."""

import pytest

from tests.bench.__main__ import only_in_full
from tests.bench.figures import Figure
from tests.bench.one import told_line
from tests.bench.report import page


@pytest.mark.parametrize(
    ("goal", "verdict"),
    [
        ({}, "ok"),
        ({"at_least": 5}, "ok"),
        ({"at_least": 5.1}, "MISS"),
        ({"at_most": 5}, "ok"),
        ({"at_most": 4.9}, "MISS"),
    ],
)
def test_a_figure_meets_its_goal_or_misses_it(goal, verdict):
    assert Figure(name="f", value=5, **goal).told[3] == verdict


def test_a_figure_is_told_with_its_unit_and_goal():
    figure = Figure(name="closed", value=15234.6, unit="/s", at_least=15_000)

    assert told_line(figure).split() == ["closed", "15,235/s", ">=15,000/s", "ok"]


def told_of(*told):
    return page(
        day="2026-11-22",
        machine=["machine: one", "PostgreSQL 18"],
        benchmarks={"close": ("A month.", told)},
    )


def test_the_page_has_each_benchmark_with_its_figures_and_raw_numbers():
    text = told_of(Figure(name="s", value=0.25, at_most=1), Figure(name="both", value=7), "raw: 7")

    assert "\n\n- machine: one\n- PostgreSQL 18\n\n## close\n\n" in text
    assert "## close\n\nA month. Measured on 2026-11-22.\n\n" in text
    assert "| `s` | 0.25 | ≤ 1 | ok |\n| `both` | 7 | – | ok |\n" in text
    assert text.endswith("- raw: 7\n")


def test_the_page_shows_the_profile_where_a_goal_is_missed_and_nowhere_else():
    profile = "profile: half of it is the disk"

    missed = told_of(Figure(name="rate", value=9, at_least=10), profile, "raw: 7")
    met = told_of(Figure(name="rate", value=11, at_least=10), profile)

    assert "| `rate` | 9 | ≥ 10 | **MISS** |\n" in missed
    assert "**Missed: rate.** The profile says why:\n\n> half of it is the disk\n\n- raw" in missed
    assert "half of it" not in met


def test_what_was_measured_earlier_stays_on_the_page_in_its_place():
    before = told_of(Figure(name="rate", value=9))

    def again(name, value):
        told = [Figure(name="s", value=value)]
        return page(
            day="2026-12-01",
            machine=["machine: two"],
            benchmarks={name: ("More.", told)},
            before=before,
        )

    assert again("close", 8).count("## ") == 1
    assert "| `s` | 8 |" in again("close", 8)
    more = again("books", 8)
    assert [line for line in more.splitlines() if line.startswith("## ")] == [
        "## books",
        "## close",
    ]
    assert more.endswith(before[before.index("## close") :])
    assert "machine: one" not in more


def test_a_quick_run_leaves_out_what_says_nothing_in_small():
    assert only_in_full("usage_growth") == "since few records fit into memory four times over"
    assert only_in_full("usage_load") == ""
