"""``python -m tests.bench.one NAME ANSWERS``: one benchmark, in the process that it has alone.

Every line it gives is printed at once, and stands as JSON in the file ANSWERS.
"""

import json
import os
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import django

from tests.bench.figures import Figure
from tests.bench.sizes import Size


def main() -> None:
    name, answers = sys.argv[1:]
    django.setup()
    from bss.kernel.acting import acting

    measure = import_module(f"tests.bench.measures.{name}").measure
    with Path(answers).open("w") as sink, acting(source="bench"):
        for told in measure(Size(quick=bool(os.environ.get("QUICK")))):
            sys.stdout.write(f"{told_line(told)}\n")
            sys.stdout.flush()
            sink.write(json.dumps(asdict(told) if isinstance(told, Figure) else told) + "\n")


def told_line(told: Figure | str) -> str:
    if isinstance(told, str):
        return f"    {told}"
    name, value, goal, verdict = told.told
    return f"{name:<38} {value:>14} {goal:>12} {verdict}"


if __name__ == "__main__":
    main()
