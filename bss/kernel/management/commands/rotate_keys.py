"""``manage.py rotate_keys``: wrap every data key by the first of FIELD_KEYS, while all runs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from bss.kernel import data_keys, key_ring
from bss.kernel.models import DataKey
from bss.kernel.resealing import of_the_first_format, reseal_some, sealed_columns


class Command(BaseCommand):
    help = (
        "Wrap all data keys by the first of FIELD_KEYS, and seal old values under data keys. "
        "May be stopped and run again at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--status", action="store_true", help="only say how things stand")
        parser.add_argument("--batch", type=int, default=500, help="keys per transaction")
        parser.add_argument(
            "--index-key",
            action="store_true",
            help="print the key of blind indexes, for INDEX_KEY, before key number 1 goes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["index_key"]:
            self.stdout.write(key_ring.index_key().hex())
            return
        if not options["status"]:
            self._rotate(options["batch"])
            self._reseal(options["batch"])
        self._say()

    def _rotate(self, batch: int) -> None:
        todo, done = data_keys.to_rotate(), 0
        while count := data_keys.rotate_some(limit=batch):
            done += count
            self.stdout.write(f"wrapped by number {key_ring.newest()}: {done} of {todo} data keys")

    def _reseal(self, batch: int) -> None:
        for field in sealed_columns():
            done = 0
            while count := reseal_some(field, limit=batch):
                done += count
                self.stdout.write(f"{field.bound_to}: {done} values sealed under their data keys")

    def _say(self) -> None:
        living = DataKey.objects.filter(destroyed_at__isnull=True)
        counts = dict(living.values_list("version").annotate(Count("pk")).order_by("version"))
        for number in sorted(set(counts) | set(key_ring.secrets_by_number())):
            role = "wraps" if number == key_ring.newest() else "unwraps only"
            if number not in key_ring.secrets_by_number():
                role = "MISSING from FIELD_KEYS"
            self.stdout.write(f"key number {number} ({role}): {counts.get(number, 0)} data keys")
        destroyed = DataKey.objects.filter(destroyed_at__isnull=False).count()
        self.stdout.write(f"destroyed: {destroyed} data keys")
        for field in sealed_columns():
            if left := of_the_first_format(field).count():
                self.stdout.write(f"{field.bound_to}: {left} values of the first format")
