"""``manage.py recover_staff NUMBER``: the last way in, when no two officers are left."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bss.identity.services.recovery import let_in
from bss.kernel import clock
from bss.kernel.audit import acting
from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff


class Command(BaseCommand):
    help = "Give a member of staff a one-time password, without a second person; audited."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="NUMBER")
        parser.add_argument("--reason", required=True, help="kept in the audit")

    def handle(self, *args: Any, number: str, reason: str, **options: Any) -> None:
        staff = Staff.objects.filter(username=number).first()
        if staff is None:
            raise CommandError(f"There is no staff number {number}.")
        try:
            with acting(source="command recover_staff"):
                given = let_in(staff_id=staff.pk, reason=reason, at=clock.now())
        except BadInputError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{number}: {given.one_time_password}")
