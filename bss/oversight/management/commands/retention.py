"""``manage.py retention``: what has been kept long enough; with ``--run`` it goes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from bss.kernel import clock
from bss.oversight.services import retention


class Command(BaseCommand):
    help = "Say what has been kept long enough (a dry run); with --run, take it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        moments = {"at": clock.now(), "real_at": clock.real_now()}
        if options["run"]:
            for kind, count in retention.run(**moments).items():
                self.stdout.write(f"{kind}: {count} taken")
            return
        for one in retention.due(**moments):
            self.stdout.write(
                f"{one.period.kind}: {one.count} due "
                f"(over before {one.before:%Y-%m-%d}, kept {one.period.days} days)"
            )
