"""``manage.py load_catalogue FILE``: a bad file is refused whole, each fault with its place."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from bss.kernel import clock
from bss.kernel.errors import BadInputError
from packages_wo.services.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Load a version of the product catalogue from a YAML file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--from",
            dest="effective_from",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the first day it holds (default: the 1st of next month; the first version: ever)",
        )

    def handle(self, *, file: Path, effective_from: date | None, **options: Any) -> None:
        try:
            document = yaml.safe_load(file.read_text(encoding="utf-8"))
            version = load_catalogue(
                document=document, at=clock.now(), effective_from=effective_from
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        except BadInputError as error:
            lines = [f"{file}: {place}: {sentence}" for place, sentence in error.faults]
            raise CommandError("\n".join(lines)) from error
        self.stdout.write(f"{file}: {version.code} 自 {version.effective_from} 起生效")
