"""``docs/benchmarks.md``: the last figures of each benchmark and what they were measured on."""

from collections.abc import Iterator, Mapping, Sequence

from tests.bench.figures import Figure

Told = Sequence[Figure | str]

PART = "\n## "
PROFILE = "profile: "
"""So begins a line that says where the time of a figure goes; the page shows it under a miss."""

HEAD = """\
# Benchmarks

Written by `make bench`; what a figure means stands in its benchmark's file in
`tests/bench/measures/`. A goal is ≥ or ≤; a `MISS` makes the run fail. Ratios are of one run
on one set of servers.
"""


def page(
    *,
    day: str,
    machine: Sequence[str],
    benchmarks: Mapping[str, tuple[str, Told]],
    before: str = "",
) -> str:
    """The whole page; ``benchmarks`` gives by name its first line and what it told.

    ``before`` is the page as it is: what was measured earlier stays.
    """
    parts = {part.partition("\n")[0]: part for part in before.split(PART)[1:]}
    for name, (about, told) in benchmarks.items():
        parts[name] = "\n".join(_part(name, f"{about} Measured on {day}.", told))
    in_order = (f"## {parts[name].strip()}\n" for name in sorted(parts))
    return "\n".join([HEAD, _bullets(machine), *in_order])


def _part(name: str, about: str, told: Told) -> Iterator[str]:
    """A benchmark: its figures, why one of them misses its goal, and the raw numbers."""
    yield f"{name}\n\n{about}\n"
    figures = [one for one in told if isinstance(one, Figure)]
    if figures:
        rows = [
            f"| {name} | {value} | {goal} | {met} |" for name, value, goal, met in _rows(figures)
        ]
        yield "\n".join(["| figure | value | goal | |", "|---|---:|---:|---|", *rows, ""])
    words = [one for one in told if isinstance(one, str)]
    profile = [line.removeprefix(PROFILE) for line in words if line.startswith(PROFILE)]
    if missed := [figure.name for figure in figures if not figure.met]:
        yield f"**Missed: {', '.join(missed)}.**" + (
            " The profile says why:\n" if profile else "\n"
        )
        yield from ["\n".join(f"> {line}" for line in profile) + "\n"] if profile else []
    if raw := [line for line in words if not line.startswith(PROFILE)]:
        yield _bullets(raw)


def _rows(figures: Sequence[Figure]) -> Iterator[tuple[str, ...]]:
    """Names that do not break, goals with their true signs, a miss that is seen."""
    for figure in figures:
        name, value, goal, met = figure.told
        signed = goal.replace(">=", "≥ ").replace(",<=", ", <=").replace("<=", "≤ ")
        yield (
            f"`{name}`",
            value,
            "–" if goal == "-" else signed,
            met if figure.met else f"**{met}**",
        )


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) + "\n"
