"""``manage.py load_usage FILE…``: usage files, CSV with a header, also gzip."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from billing.services import usage
from bss.kernel import clock
from bss.kernel.errors import BadInputError
from packages_wo.queries.catalogue import NoCatalogueError


class Command(BaseCommand):
    help = "Load usage files; every record is rated or kept as a reject with its reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)

    def handle(self, *args: object, files: list[Path], **options: object) -> None:
        failed = False
        for path in files:
            try:
                report = usage.load(path=path, at=clock.now())
            except (BadInputError, NoCatalogueError) as error:
                self.stderr.write(str(error))
                failed = True
                continue
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in report.rejected.items())
            self.stdout.write(
                f"{report.name}: {report.records:,} records = {report.rated:,} rated"
                f" (late {report.late:,}) + {report.records - report.rated:,} rejected"
                + (f" ({reasons})" if reasons else "")
                + (" — this file had been loaded before" if report.seen_before else "")
            )
        if failed:
            raise CommandError("Not all files could be loaded; the others are.")
