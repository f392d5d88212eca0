"""``manage.py archive_usage``: old months of usage move into files; ``--check`` reads them all."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.management.arguments import add_at, moment_of, month_of
from billing.services.usage_archive import archive_due, archive_month
from billing.services.usage_archive_check import check_archive
from billing.services.usage_forgetting import forget_erased
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun
from bss.kernel.terminal import progress_on


class Command(BaseCommand):
    help = "话单归档: closed months that are old enough, or one, from the table into files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", type=month_of, help="this month alone, however young")
        parser.add_argument("--check", action="store_true", help="read every file; change nothing")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        at, month = moment_of(options), options["month"]
        try:
            with progress_on(self.stdout, "archive usage"):
                runs = [archive_month(month=month, at=at)] if month else archive_due(at=at)
                forgotten = forget_erased(at=at)
        except BadInputError as fault:
            raise CommandError(str(fault)) from fault
        for run in runs:
            self._tell(run)
        if forgotten:
            self.stdout.write(f"{len(forgotten.report['files'])} files without erased customers")
        if not runs:
            self.stdout.write("No month is old enough.")

    def _tell(self, run: BatchRun) -> None:
        if run.state != BatchRun.State.DONE:
            self.stdout.write(f"{run.key}: another worker is at it")
            return
        reports = [step.report for step in run.steps.filter(name="write")]
        records, size = (sum(one[name] for one in reports) for name in ("archived", "bytes"))
        self.stdout.write(
            f"{run.key}: {records:,} records in {len(reports)} files, {size / 1e6:,.1f} MB"
        )

    def _check(self) -> None:
        with progress_on(self.stdout, "check archive"):
            files, faults = check_archive()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} of {files} files are not as they were written.")
        self.stdout.write(f"{files} files are as they were written.")
