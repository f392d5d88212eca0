"""``python -m tests.oracle [--catalogue FILE] FILE...``: one JSON line per scenario file."""

import argparse
import json
import sys
from pathlib import Path

import yaml

from tests.oracle.reader import BadFileError, read
from tests.oracle.run import outcome

CATALOGUE = Path(__file__).parents[2] / "packages_wo" / "catalogue.yaml"


def main() -> int:
    """0 when every expectation holds, 1 when not, 2 on a bad file."""
    arguments = argparse.ArgumentParser(prog="python -m tests.oracle")
    arguments.add_argument("files", nargs="+", type=Path)
    arguments.add_argument("--catalogue", type=Path, default=CATALOGUE)
    options = arguments.parse_args()
    catalogue = yaml.safe_load(options.catalogue.read_text(encoding="utf-8"))
    exit_code = 0
    for file in options.files:
        try:
            answer = outcome(read(file), catalogue, file.parent)
        except BadFileError as error:
            sys.stderr.write(f"{file}: {error}\n")
            exit_code = 2
            continue
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        exit_code = max(exit_code, 0 if answer["ok"] else 1)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
