"""``manage.py credit_run``: the credit run of a day."""

from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand

from billing.management.arguments import add_at, day_of, moment_of
from billing.queries.credit_rehearsal import rehearse
from billing.services import credit_control
from bss.kernel.masking import masked_number
from bss.kernel.periods import BUSINESS_ZONE
from bss.kernel.units import yuan

HOUR = time(1)


class Command(BaseCommand):
    help = "信控: pre-terminate, stop the blacklisted, stop for debt (CRD-1, CRD-4, CAN-6)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=day_of, help="the run of this day, at 01:00")
        parser.add_argument(
            "--rehearse", action="store_true", help="say what it would do, and do nothing"
        )
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["on"]
        at = datetime.combine(day, HOUR, BUSINESS_ZONE) if day else moment_of(options)
        if options["rehearse"]:
            self._rehearse(at)
            return
        report = credit_control.run(at=at)
        self.stdout.write(
            f"pre-terminated {report.pre_terminated}, blacklisted {report.blacklisted},"
            f" stopped for debt {report.stopped}, reminded {report.reminded},"
            f" parked {report.parked}"
        )

    def _rehearse(self, at: datetime) -> None:
        would = rehearse(at=at)
        for one in would.would_stop:
            self.stdout.write(
                f"{one.account.code} stops {masked_number(one.line.number)}:"
                f" {yuan(one.overdue_fen)} yuan overdue, the oldest since {one.overdue_since}"
            )
        self.stdout.write(
            f"would pre-terminate {len(would.pre_terminated)}, stop {len(would.blacklisted)} of the"
            f" black list and {would.stops} for debt, remind {would.reminders};"
            f" {would.promised} held by promises"
        )
