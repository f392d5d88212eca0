"""``manage.py restore_usage 2026-04``: an archived month of usage comes back into the table."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.management.arguments import add_at, moment_of, month_of
from billing.services.usage_restoring import restore_month
from bss.kernel.errors import BadInputError
from bss.kernel.terminal import progress_on


class Command(BaseCommand):
    help = "话单调回: an archived month's records back into the table, to re-rate it for example."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_of, help="such as 2026-04")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        month = options["month"]
        try:
            with progress_on(self.stdout, f"restore {month}"):
                records = restore_month(month=month, at=moment_of(options))
        except BadInputError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{month}: {records:,} records are in the table again")
