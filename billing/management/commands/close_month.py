"""``manage.py close_month 2026-10``: rate, bill, take payment from the ledgers."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from billing.management.arguments import add_at, moment_of, month_of
from billing.services.closing import TwoPersons, close_under_policy
from bss.kernel import access
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun, Staff
from bss.kernel.terminal import progress_on


class Command(BaseCommand):
    help = "出帐: close and bill one month, exactly once (BIL-6)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_of, help="such as 2026-10")
        parser.add_argument(
            "--approve",
            nargs=2,
            metavar=("MAKER", "CHECKER"),
            help="the numbers of two persons who run months: bill although beyond the bounds",
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
    maker_id, checker_id = (_who_runs_months(number) for number in numbers)
    return TwoPersons(maker_id=maker_id, checker_id=checker_id)


def _who_runs_months(number: str) -> int:
    staff = Staff.objects.filter(username=number, is_active=True).first()
    if staff is None or not access.can(staff, "month.run"):
        raise BadInputError(("approve", f"工号 {number} 不存在、已停用或无权运行月结。"))
    return staff.pk
