"""``manage.py bank_simulator FILE``: answer a debit file as a bank would."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.banks import simulator
from billing.management.arguments import add_at, moment_of
from bss.kernel.periods import business_date


class Command(BaseCommand):
    help = "Answer a debit file (DK-…) like a bank: the same seed gives the same answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--to", type=Path, help="default: HP-… beside the file")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--refused-percent", type=int, default=simulator.REFUSED_PERCENT)
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            answer = simulator.answer(
                path.read_bytes(),
                day=business_date(moment_of(options)),
                seed=options["seed"],
                refused_percent=options["refused_percent"],
            )
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        target = options["to"] or path.with_name(path.name.replace("DK-", "HP-", 1))
        if target == path:
            raise CommandError("Name another file for the answer with --to.")
        target.write_bytes(answer)
        self.stdout.write(f"{target.name}: {len(answer.splitlines()) - 2:,} answers")
