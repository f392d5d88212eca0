"""``manage.py seal_audit``: chain what waits, as the sealer does every two seconds."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bss.kernel import clock
from bss.kernel.audit.anchors import write_anchor
from bss.kernel.audit.seal import seal


class Command(BaseCommand):
    help = "Chain the audit entries that wait; with --anchor, print the day's anchor as well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", action="store_true")

    def handle(self, *args: Any, anchor: bool, **options: Any) -> None:
        self.stdout.write(f"{seal(at=clock.real_now())} entries sealed.")
        if anchor:
            path: Path = write_anchor(at=clock.now(), written_at=clock.real_now())
            self.stdout.write(f"{path}")
