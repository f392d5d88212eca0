"""``manage.py print_bills 2026-10 --into DIR``: the month's bills for the printing house."""

import subprocess
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from billing.management.arguments import add_at, moment_of, month_of
from billing.services.bill_printing import print_bills
from bss.kernel.models import BatchRun
from bss.kernel.terminal import progress_on


class Command(BaseCommand):
    help = "批量打印帐单: PDF files of a closed month, with an index of whose sheets are where."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_of, help="such as 2026-10")
        parser.add_argument("--into", type=Path, required=True, help="the folder for the files")
        parser.add_argument("--processes", type=int, default=1, help="so many print side by side")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["processes"] < 1:
            raise CommandError("--processes: 至少要有一份进程在打印(1 或更多)。")
        month, into = options["month"], options["into"]
        at = moment_of(options)
        others = [_beside(str(month), into, at) for _ in range(options["processes"] - 1)]
        with progress_on(self.stdout, f"print {month}"):
            run = print_bills(month=month, into=into, at=at)
        for other in others:
            other.wait()
        run = print_bills(month=month, into=into, at=run.at) if others else run
        if run.state != BatchRun.State.DONE:
            self.stdout.write(f"{month}: another worker is at it")
            return
        bills = [step.report["bills"] for step in run.steps.filter(name="print")]
        self.stdout.write(f"{month}: {sum(bills)} bills in {len(bills)} files")


def _beside(month: str, into: Path, at: datetime) -> subprocess.Popen[bytes]:
    """Another process at the same run; what is free it takes, what is done it leaves."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "print_bills", month, "--into", str(into.resolve()),
         "--at", f"{localtime(at):%Y-%m-%dT%H:%M:%S.%f}"],
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
