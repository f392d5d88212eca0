"""``manage.py import_bank_file FILE…``: banks' answers and statements; or ``--inbox``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.management.arguments import add_at, moment_of
from billing.services import bank_files
from billing.tasks.bank_inbox import take_inbox
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError


class Command(BaseCommand):
    help = "Take banks' files in: direct debit answers and statements, each file once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument("--inbox", action="store_true", help="all of BANK_FILES_DIR/in")
        add_at(parser)

    def handle(self, *args: Any, files: list[Path], inbox: bool, **options: Any) -> None:
        at, failed = moment_of(options), False
        for path in files:
            try:
                file = bank_files.take_in(content=path.read_bytes(), name=path.name, at=at)
            except (BadInputError, RefusedError, OSError) as refused:
                self.stderr.write(f"{path.name}: {refused}")
                failed = True
                continue
            self.stdout.write(
                f"{path.name}: {file.lines_count:,} lines = {file.done_count:,} done"
                f" + {file.faults_count:,} with faults (file {file.pk})"
            )
        for one in take_inbox(at=at) if inbox else ():
            failed |= bool(one.refused)
            self.stdout.write(
                f"{one.name}: {one.refused or f'{one.done:,} done + {one.faults:,} with faults'}"
            )
        if failed:
            raise CommandError("Not all files could be taken in; the others are.")
