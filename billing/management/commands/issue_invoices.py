"""``manage.py issue_invoices 2026-10``: an invoice for every bill of the month that has none."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from billing.management.arguments import add_at, moment_of, month_of
from billing.services.mass_invoices import issue_month
from bss.kernel.units import yuan


class Command(BaseCommand):
    help = "批量开票: what is left of the month's bills, numbered through by account (BIL-3)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_of, help="such as 2026-10")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        done = issue_month(month=options["month"], at=moment_of(options))
        self.stdout.write(
            f"{options['month']}: {done.invoices} invoices, {yuan(done.amount_fen)} yuan"
        )
