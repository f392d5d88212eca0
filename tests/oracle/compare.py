"""``python -m tests.oracle.compare PRODUCT.jsonl FILE...``: where product and oracle differ.

``PRODUCT.jsonl`` is what ``manage.py scenario FILE... --json`` printed for the same files in the
same order. Unlike an ``expect``, this compares whole: a key too many is a difference, too.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.oracle.generate import CATALOGUE
from tests.oracle.reader import read
from tests.oracle.run import outcome


def differences(product: Any, oracle: Any, *, place: str = "") -> list[str]:
    if isinstance(product, dict) and isinstance(oracle, dict):
        found = []
        for key in sorted({*product, *oracle}):
            here = f"{place}.{key}" if place else key
            if key not in oracle:
                found.append(f"{here}: product {json.dumps(product[key])}, oracle has none")
            elif key not in product:
                found.append(f"{here}: product has none, oracle {json.dumps(oracle[key])}")
            else:
                found += differences(product[key], oracle[key], place=here)
        return found
    if isinstance(product, list) and isinstance(oracle, list) and len(product) == len(oracle):
        pairs = zip(product, oracle, strict=True)
        return [
            line
            for index, (one, other) in enumerate(pairs, start=1)
            for line in differences(one, other, place=f"{place}[{index}]")
        ]
    if product != oracle:
        return [f"{place}: product {json.dumps(product)}, oracle {json.dumps(oracle)}"]
    return []


def main() -> int:
    """0 when all agree, else 1."""
    arguments = argparse.ArgumentParser(prog="python -m tests.oracle.compare")
    arguments.add_argument("product", type=Path)
    arguments.add_argument("files", nargs="+", type=Path)
    arguments.add_argument("--catalogue", type=Path, default=CATALOGUE)
    options = arguments.parse_args()
    catalogue = yaml.safe_load(options.catalogue.read_text(encoding="utf-8"))
    answers = options.product.read_text(encoding="utf-8").splitlines()
    if len(answers) != len(options.files):
        sys.stderr.write(f"{len(answers)} answers for {len(options.files)} files\n")
        return 1
    differing = 0
    for file, line in zip(options.files, answers, strict=True):
        theirs = json.loads(line)["outcome"]
        ours = json.loads(json.dumps(outcome(read(file), catalogue, file.parent)["outcome"]))
        lines = differences(theirs, ours)
        differing += bool(lines)
        if lines:
            sys.stdout.write(f"{file}\n" + "".join(f"    {row}\n" for row in lines))
    sys.stdout.write(f"{len(answers) - differing} of {len(answers)} agree\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
