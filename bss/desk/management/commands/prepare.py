"""``manage.py prepare``: what ``make run`` does to the database before the doors open."""

from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from os import environ
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich import box
from rich.console import Console
from rich.table import Table

from billing.services.credit_limits import load_limits
from billing.services.reminder_steps import load_steps
from bss.kernel.roles import load_roles


class Command(BaseCommand):
    help = "Migrate, bring the roles up to date; load catalogue and demo into an empty database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tell", type=Path, help="write the demo logins to this file")

    def handle(self, *args: Any, tell: Path | None, **options: Any) -> None:
        self.migrate()
        load_roles()
        load_steps()
        load_limits()
        self.load_catalogue()
        self.load_demo()
        if tell is not None:
            tell.write_text(self.logins())

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"Migrating the database: {len(plan)} steps …")
            call_command("migrate", interactive=False, verbosity=0)

    def load_catalogue(self) -> None:
        versions = apps.get_model("packages_wo", "CatalogueVersion").objects
        if "load_catalogue" in get_commands() and not versions.exists():
            self.stdout.write("Loading the catalogue …")
            call_command("load_catalogue", settings.BASE_DIR / "packages_wo" / "catalogue.yaml")

    def load_demo(self) -> None:
        """The demo operator, into an empty database only; ``DEMO=0`` leaves it empty."""
        used = [
            apps.get_model(label).objects.exists()
            for label in ("customers.Customer", "kernel.Staff")
        ]
        wanted = environ.get("DEMO", "1") != "0" and "demo" in get_commands()
        if wanted and not any(used):
            self.stdout.write("Making the demo operator …")
            call_command("demo")

    def logins(self) -> str:
        """One line per role: who to log in as, where a token is made; empty without the demo."""
        if find_spec("bss.demo.logins") is None:
            return ""
        known = apps.get_model("kernel", "Staff").objects
        table = Table("角色 role", "工号 login", "密码 password", box=box.SIMPLE)
        for role, username, password in import_module("bss.demo.logins").LOGINS:
            if known.filter(username=username).exists():
                table.add_row(role, username, password)
        if not table.rows:
            return ""
        text = StringIO()
        Console(file=text, width=80).print(table)
        text.write("  API: manager01, 我的令牌 My tokens: /identity/tokens\n\n")
        return text.getvalue()
