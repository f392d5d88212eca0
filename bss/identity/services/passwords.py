"""The own password, changed by oneself."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from bss.identity.queries.locked import lock_staff
from bss.identity.services.staff_record import record
from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff

WRONG = "现用密码不对，请核对大小写后重新输入。"


@transaction.atomic
def change_own_password(*, staff_id: int, current: str, new: str, at: datetime) -> Staff:
    """Set a new password of one's own; an account that was only entered is active from now on.

    Source: S59-1 (password policy). Raises: BadInputError with all that is wrong with it.
    """
    staff = lock_staff(staff_id)
    if not staff.check_password(current):
        raise BadInputError(("current", WRONG))
    try:
        validate_password(new, staff)
    except ValidationError as error:
        raise BadInputError(*(("new", fault) for fault in error.messages)) from error
    first = staff.state == Staff.State.ENTERED
    if first:
        staff.start()
    staff.set_password(new)
    staff.must_change_password = False
    staff.save()
    record("started" if first else "password_changed", staff, at=at, by_id=staff.pk)
    return staff
