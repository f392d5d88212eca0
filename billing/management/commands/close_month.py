"""``manage.py close_month 2026-10``: rate, bill, take payment from the ledgers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from billing.management.arguments import add_at, moment_of, month_of
from billing.services.month_end import close_month
from bss.kernel.models import BatchRun


class Command(BaseCommand):
    help = "出帐: close and bill one month, exactly once (BIL-6)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_of, help="such as 2026-10")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        run = close_month(month=options["month"], at=moment_of(options))
        for step in run.steps.all():
            done = ", ".join(f"{name} {value}" for name, value in step.report.items())
            self.stdout.write(f"{step.name}/{step.shard}: {step.state} {done}".rstrip())
        if run.state != BatchRun.State.DONE:
            self.stdout.write(f"{options['month']}: another worker is at it")
