"""``manage.py credit_run``: the credit run of a day."""

from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand

from billing.management.arguments import add_at, day_of, moment_of
from billing.services import credit_control
from bss.kernel.periods import BUSINESS_ZONE

HOUR = time(1)


class Command(BaseCommand):
    help = "信控: pre-terminate, stop the blacklisted, stop for debt (CRD-1, CRD-4, CAN-6)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=day_of, help="the run of this day, at 01:00")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["on"]
        at = datetime.combine(day, HOUR, BUSINESS_ZONE) if day else moment_of(options)
        report = credit_control.run(at=at)
        self.stdout.write(
            f"pre-terminated {report.pre_terminated}, blacklisted {report.blacklisted},"
            f" stopped for debt {report.stopped}"
        )
