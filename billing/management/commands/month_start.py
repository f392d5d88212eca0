"""``manage.py month_start 2026-11``: what is due by its 1st takes effect."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from billing.management.arguments import add_at, moment_of, month_of
from billing.services.month_start import start_month
from bss.kernel.terminal import progress_on
from bss.kernel.units import yuan


class Command(BaseCommand):
    help = "月初切换: apply everything that is due by the month's 1st, 00:00 (EFF-5)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_of, help="such as 2026-11")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with progress_on(self.stdout, f"start {options['month']}"):
            report = start_month(month=options["month"], at=moment_of(options))
        if report.already:
            self.stdout.write(f"{options['month']}: was started before, nothing changed")
            return
        self.stdout.write(
            f"{options['month']}: {report.plan_changes} plan changes, {report.bundles} bundles,"
            f" {report.pools_opened} pools, {yuan(report.released_fen)} yuan released"
        )
