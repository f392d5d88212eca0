"""``manage.py demo``: a believable operator in an empty database, the same for the same seed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from bss.demo import progress
from bss.demo.story import Size, Story
from bss.kernel import clock
from bss.kernel.periods import Month
from customers.models import Customer

BILLS_ARE_OUT_ON = 4  # the story ends on the 3rd, when the last month's bills are issued


class Command(BaseCommand):
    help = "Fill an empty database with the demo operator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=300)
        parser.add_argument("--months", type=int, default=3)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--through",
            type=Month.parse,
            help="the last month with usage and bills (default: the last whole month)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Customer.objects.exists():
            raise CommandError("The database has customers; the demo goes into an empty one.")
        if options["customers"] < 10 or not 1 <= options["months"] <= 24:
            raise CommandError("The demo needs 10 customers or more, and 1 to 24 months.")
        size = Size(customers=options["customers"], months=options["months"])
        through = options["through"] or last_billed_month()
        with progress.shown(self.stdout) as tell, transaction.atomic():
            Story(size=size, through=through, seed=options["seed"], progress=tell).tell()


def last_billed_month() -> Month:
    """The last whole month whose bills are out by now."""
    today = clock.today()
    month = Month.of(today).previous
    return month if today.day >= BILLS_ARE_OUT_ON else month.previous
