"""``manage.py close_month 2026-10``: rate, bill, take payment from the ledgers."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from billing.management.arguments import add_at, moment_of, month_of
from billing.management.two_persons import add_approve, person_who_may
from billing.services.closing import TwoPersons, close_under_policy
from bss.kernel.models import BatchRun
from bss.kernel.terminal import progress_on


class Command(BaseCommand):
    help = "出帐: close and bill one month, exactly once (BIL-6)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_of, help="such as 2026-10")
        add_approve(
            parser,
            meaning="the numbers of two persons who run months: bill although beyond the bounds",
        )
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with progress_on(self.stdout, f"close {options['month']}"):
            run = close_under_policy(
                month=options["month"],
                at=moment_of(options),
                approved=_two_persons(options["approve"]),
            )
        for step in run.steps.all():
            done = ", ".join(f"{name} {value}" for name, value in step.report.items())
            self.stdout.write(f"{step.name}/{step.shard}: {step.state} {done}".rstrip())
        if run.state != BatchRun.State.DONE:
            self.stdout.write(f"{options['month']}: another worker is at it")


def _two_persons(numbers: Sequence[str] | None) -> TwoPersons | None:
    if numbers is None:
        return None
    maker, checker = (person_who_may("month.run", number, doing="运行月结") for number in numbers)
    return TwoPersons(maker_id=maker.pk, checker_id=checker.pk)
