"""``manage.py rehearse_month 2026-10``: what a close would bring, without closing (BIL-6)."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from billing.management.arguments import add_at, moment_of, month_of
from billing.rules.close_policy import COUNTED
from billing.services.rehearsal import rehearse
from bss.kernel.terminal import progress_on
from bss.kernel.units import yuan


class Command(BaseCommand):
    help = "试算: run a close through, report, undo it; exit code 1 when two persons must look."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_of, help="such as 2026-10")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with progress_on(self.stdout, f"rehearse {options['month']}"):
            found = rehearse(month=options["month"], at=moment_of(options))
        figures = found.found
        self.stdout.write(
            f"{options['month']}: {figures['bills']} bills, {yuan(figures['total_fen'])} yuan; "
            f"month before: {figures['before_bills']} bills, {yuan(figures['before_fen'])} yuan"
        )
        for name, what in COUNTED.items():
            self.stdout.write(f"{what}: {figures['counts'][name]}")
        for row in found.differences:
            self.stdout.write(
                f"{row['account']} {yuan(row['before_fen'])} → {yuan(row['fen'])} {row['why']}"
            )
        for sentence in found.sentences:
            self.stdout.write(f"! {sentence}")
        if not found.allows:
            sys.exit(1)
