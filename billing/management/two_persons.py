"""``--approve MAKER CHECKER``: the two persons who answer for what a command does."""

from argparse import ArgumentParser

from bss.kernel import access
from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff


def add_approve(parser: ArgumentParser, *, meaning: str) -> None:
    parser.add_argument("--approve", nargs=2, metavar=("MAKER", "CHECKER"), help=meaning)


def person_who_may(permission: str, number: str, *, doing: str) -> Staff:
    """The one with that number. Raises: BadInputError, when there is none who may."""
    staff: Staff | None = Staff.objects.filter(username=number, is_active=True).first()
    if staff is None or not access.can(staff, permission):
        raise BadInputError(("approve", f"工号 {number} 不存在、已停用或无权{doing}。"))
    return staff
