"""``manage.py audit_ledgers``: whether all books agree; else what differs, and exit code 1."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.management.arguments import add_at, moment_of
from billing.services.books import check_books, differences_of


class Command(BaseCommand):
    help = "Check every ledger, journal, bill and payment against each other (ACC-6)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        check = check_books(at=moment_of(options))
        for difference in differences_of(check):
            self.stdout.write(str(difference))
        if check.differences:
            raise CommandError(f"{check.differences} differences in the books.")
        self.stdout.write(
            f"{check.journals} journals with {check.entries} entries are in order"
            f" ({check.took_ms} ms)."
        )
