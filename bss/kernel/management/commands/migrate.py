"""Django's ``migrate``, which lays an empty database down from its blueprint."""

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from bss.kernel import blueprint
from bss.kernel.migration_order import OthersFirst

migrate.MigrationExecutor = OthersFirst  # type: ignore[attr-defined]  # where Django looks
DjangoMigrate = migrate.Command


class Command(DjangoMigrate):
    help = DjangoMigrate.help + " An empty database is laid down whole (bss.kernel.blueprint)."

    def handle(self, *args: Any, **options: Any) -> None:
        is_whole = (
            not options["app_label"] and not options["plan"] and not options["check_unapplied"]
        )
        if not is_whole or options["database"] != DEFAULT_DB_ALIAS or not blueprint.is_virgin():
            super().handle(*args, **options)
            return
        if blueprint.is_kept() and blueprint.lay_down():
            super().handle(*args, **options)
            return
        lock = blueprint.one_at_a_time()
        try:
            is_laid = lock is not None and blueprint.lay_down()
            super().handle(*args, **options)
            if lock is not None and not is_laid:
                blueprint.keep()
        finally:
            if lock is not None:
                lock.close()
