"""``manage.py verify_audit``: whether the audit is whole; else what is wrong, and exit code 1."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bss.kernel import clock
from bss.kernel.audit.anchors import read_anchor
from bss.kernel.audit.checks import check
from bss.kernel.errors import BadInputError


class Command(BaseCommand):
    help = "Verify every audit entry, the chain and the printed anchors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from-anchor",
            type=Path,
            metavar="FILE",
            help="begin behind this anchor; what lies before it may have been archived",
        )

    def handle(self, *args: Any, from_anchor: Path | None, **options: Any) -> None:
        try:
            since = read_anchor(from_anchor) if from_anchor else None
            verified = check(at=clock.real_now(), since=since)
        except BadInputError as error:
            raise CommandError(str(error)) from error
        for fault in verified.faults:
            self.stdout.write(str(fault))
        if verified.faults:
            raise CommandError(f"{len(verified.faults)} faults in the audit.")
        self.stdout.write(
            f"{verified.links} sealed entries up to {verified.last_seq} are in order; "
            f"{verified.unsealed} wait for the sealer."
        )
