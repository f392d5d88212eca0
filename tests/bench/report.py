"""``docs/benchmarks.md``: the figures of the last whole run and what they were measured on."""

from collections.abc import Mapping, Sequence

from tests.bench.figures import Figure

Told = Sequence[Figure | str]

HEAD = """\
# Benchmarks

Written by `make bench`; what a figure means stands in its benchmark's file in
`tests/bench/measures/`. A goal is `>=` or `<=`; a `MISS` makes the run fail. Ratios are of one run
on one set of servers.
"""


def page(*, day: str, machine: Sequence[str], benchmarks: Mapping[str, tuple[str, Told]]) -> str:
    """The whole page; ``benchmarks`` gives by name its first line and what it told."""
    parts = [HEAD, f"Measured on {day}.\n", "\n".join(f"- {line}" for line in machine) + "\n"]
    for name, (about, told) in benchmarks.items():
        parts.append(f"## {name}\n\n{about}\n")
        figures = [one.told for one in told if isinstance(one, Figure)]
        if figures:
            rows = [f"| {name} | {value} | {goal} | {met} |" for name, value, goal, met in figures]
            parts.append("\n".join(["| figure | value | goal | |", "|---|---:|---:|---|", *rows]))
            parts[-1] += "\n"
        if raw := [one for one in told if isinstance(one, str)]:
            parts.append("\n".join(f"- {line}" for line in raw) + "\n")
    return "\n".join(parts)
