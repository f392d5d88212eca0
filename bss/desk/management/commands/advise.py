"""``manage.py advise [--customer CODE]``: what bundles would have cost on other combinations."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bss.desk.services.advising import advise_all, advise_customer
from bss.kernel import clock
from customers.models import Customer


class Command(BaseCommand):
    help = "Advise on the tier and packs of every bundle in force, by its last closed months."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customer", default="", help="one customer's bundles, by its code")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        if code := options["customer"]:
            customer = Customer.objects.filter(code=code).first()
            if customer is None:
                raise CommandError(f"There is no customer {code}.")
            advised = advise_customer(customer_id=customer.pk, at=at)
            self.stdout.write(f"{code}: {advised} bundles advised.")
            return
        run = advise_all(at=at, anew=True)
        reports = [report for report in run.steps.values_list("report", flat=True) if report]
        bundles, advised, combinations = (
            sum(report[name] for report in reports)
            for name in ("bundles", "advised", "combinations")
        )
        self.stdout.write(
            f"{run.key}: {bundles} bundles, {advised} advised, {combinations} combinations."
        )
