"""``manage.py scenario FILE… [--json]``: run scenario files in the scratch database."""

import io
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bss.kernel.errors import BadInputError
from bss.scenario.reader import BadScenarioError, read_scenario
from bss.scenario.report import print_report
from bss.scenario.run import run_scenario
from bss.scenario.scratch import scratch_database


class Command(BaseCommand):
    help = "Run scenario files; exit 0 when every expectation holds, 1 when not, 2 on a bad file."
    requires_system_checks = []  # pages and URLs are no part of a scenario

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON object per file")

    def handle(self, *, files: list[Path], json: bool, **options: Any) -> None:
        status = 0
        _speak_utf8()
        try:
            with scratch_database():
                for path in files:
                    status = max(status, self._run(path, as_json=json))
        except BadInputError as error:
            print(error, file=sys.stderr)
            status = 2
        if status:
            sys.exit(status)

    def _run(self, path: Path, *, as_json: bool) -> int:
        try:
            result = run_scenario(read_scenario(path))
        except BadScenarioError as error:
            print(f"{path}: {error}", file=sys.stderr, flush=True)
            return 2
        except Exception as error:  # a fault of ours in one file must not cost the others
            sentence = " ".join(f"{type(error).__name__}: {error}".split())
            print(f"{path}: the program failed: {sentence}", file=sys.stderr, flush=True)
            return 2
        if as_json:
            print(json.dumps(result, ensure_ascii=False), flush=True)
        else:
            print_report(path, result)
        return 0 if result["ok"] else 1


def _speak_utf8() -> None:
    """Names and reports are Chinese, whatever the terminal's or the pipe's encoding is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
