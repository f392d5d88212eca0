"""``manage.py load_usage FILE… | --inbox``: usage files, CSV with a header, plain or packed."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from billing.queries.usage_gaps import open_gaps
from billing.services import usage, usage_inbox
from bss.kernel import clock
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun
from bss.kernel.terminal import progress_on
from packages_wo.queries.catalogue import NoCatalogueError


class Command(BaseCommand):
    help = "Load usage files; every record is rated or kept as a reject with its reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument(
            "--inbox", action="store_true", help="what lies in USAGE_FILES_DIR/in, with manifests"
        )

    def handle(self, *args: object, files: list[Path], inbox: bool, **options: object) -> None:
        if bool(files) == inbox:
            raise CommandError("Give either files or --inbox.")
        refused = self._take_inbox() if inbox else sum(not self._load(path) for path in files)
        if refused:
            raise CommandError("Not all files could be loaded; the others are.")

    def _take_inbox(self) -> int:
        with progress_on(self.stdout, "inbox"):
            runs = usage_inbox.take_in(at=clock.now())
        taken = [file for run in runs for file in usage_inbox.files_of(run)]
        for file in taken:
            counts = f"{file.name}: {file.records:,} records, {file.rejected:,} rejected"
            self.stdout.write(file.refused or counts)
        for run in runs:
            if run.state != BatchRun.State.DONE:
                self.stdout.write(f"{run}: {run.get_state_display()}")
        for gap in open_gaps():
            self.stderr.write(f"missing: {gap}")
        return sum(bool(file.refused) for file in taken)

    def _load(self, path: Path) -> bool:
        try:
            with progress_on(self.stdout, path.name):
                report = usage.load(path=path, at=clock.now())
        except (BadInputError, NoCatalogueError) as error:
            self.stderr.write(str(error))
            return False
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in report.rejected.items())
        self.stdout.write(
            f"{report.name}: {report.records:,} records = {report.rated:,} rated"
            f" (late {report.late:,}) + {report.records - report.rated:,} rejected"
            + (f" ({reasons})" if reasons else "")
        )
        return True
