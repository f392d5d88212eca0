"""``manage.py export_debits``: draw up what is due by bank and write the files for the banks."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from billing.management.arguments import add_at, moment_of
from billing.models import DebitBatch
from billing.rules.banks import BANKS
from billing.services import debit_batches
from bss.kernel.units import yuan


class Command(BaseCommand):
    help = "Draw up a debit batch for each bank and write its file; again, only what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bank", choices=sorted(BANKS), action="append")
        parser.add_argument("--to", type=Path, help="default: BANK_FILES_DIR/out")
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        at = moment_of(options)
        target = options["to"] or settings.BANK_FILES_DIR / "out"
        target.mkdir(parents=True, exist_ok=True)
        for bank in options["bank"] or sorted(BANKS):
            debit_batches.draw_up(bank=bank, at=at)
            waiting = DebitBatch.objects.filter(bank=bank, state=DebitBatch.State.DRAWN_UP)
            for batch in waiting.order_by("pk"):
                self._write(batch, target, at=at)
        self.stdout.write("Nothing else is due.")

    def _write(self, batch: DebitBatch, target: Path, *, at: datetime) -> None:
        """Whole or not there: who fetches it never sees half of it."""
        path = target / debit_batches.file_name(batch)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(debit_batches.file_of(batch))
        unfinished.rename(path)
        debit_batches.export(batch_id=batch.pk, at=at)
        self.stdout.write(
            f"{path.name}: {batch.lines_count:,} accounts, {yuan(batch.total_fen)} yuan"
        )
