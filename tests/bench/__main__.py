"""``python -m tests.bench``: every benchmark, one after the other; exit 1 when a goal is missed."""

import ast
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from pkgutil import iter_modules

from bss.embedded.places import CHECKOUT, Places
from tests.bench.figures import Figure
from tests.bench.machine import describe
from tests.bench.one import told_line
from tests.bench.report import Told, page
from tests.bench.timing import watch
from tests.durable import copy_of, durable_servers, environment

MEASURES = Path(__file__).parent / "measures"
PAGE = CHECKOUT / "docs" / "benchmarks.md"


def main() -> int:
    quick, only = bool(os.environ.get("QUICK")), os.environ.get("ONLY", "")
    names = [module.name for module in iter_modules([str(MEASURES)])]
    chosen = only.split(",") if only else names
    if unknown := set(chosen) - set(names):
        say(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names)}.")
        return 2
    with durable_servers(prefix="wo-bss-bench-") as places:
        machine = [*describe(places)]
        say(*machine, f"size: {'quick' if quick else 'full'}")
        told: dict[str, Told] = {}
        for name in chosen:
            if quick and (why := only_in_full(name)):
                say("", f"{name}: left out of a quick run, {why}")
                continue
            told[name] = run(places, name)
            if not quick:  # each time: a run that breaks off leaves what it saw
                write_page(machine, told)
    figures = [one for lines in told.values() for one in lines if isinstance(one, Figure)]
    missed = [figure.name for figure in figures if not figure.met]
    say("", f"figures {len(figures)} missed {len(missed)} {' '.join(missed)}".rstrip())
    return 1 if missed else 0


def run(places: Places, name: str) -> Told:
    """One benchmark in a process and a database of its own; one that fails counts as missed."""
    say("", f"{name}: {first_line(name)}")
    with (
        watch() as took,
        copy_of(places, f"bench_{name}") as database,
        tempfile.NamedTemporaryFile() as answers,
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "tests.bench.one", name, answers.name],
            cwd=CHECKOUT,
            env=environment(places, database),
        )
        lines = Path(answers.name).read_text().splitlines()
    told: list[Figure | str] = [
        Figure(**one) if isinstance(one, dict) else one for one in map(json.loads, lines)
    ]
    told.append(f"all of it, with what it prepares: {took.seconds:.0f} s")
    say(told_line(told[-1]))
    if ended.returncode:
        say(f"{name} failed with exit code {ended.returncode}")
        told.append(Figure(name=f"{name}_failed", value=1, at_most=0))
    return told


def write_page(machine: list[str], told: dict[str, Told]) -> None:
    benchmarks = {name: (first_line(name), lines) for name, lines in told.items()}
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    before = PAGE.read_text() if PAGE.exists() else ""
    PAGE.write_text(page(day=day, machine=machine, benchmarks=benchmarks, before=before))


def first_line(name: str) -> str:
    return (ast.get_docstring(source_of(name)) or name).splitlines()[0]


def only_in_full(name: str) -> str:
    """Why a quick run leaves it out: what its module's ``ONLY_IN_FULL`` says, if it has one."""
    for node in source_of(name).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ONLY_IN_FULL":
            return str(ast.literal_eval(node.value))
    return ""


def source_of(name: str) -> ast.Module:
    """Read, not imported: only a benchmark's own process has Django set up."""
    return ast.parse((MEASURES / f"{name}.py").read_text())


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
