"""入职: a main account is opened, with a password to be used once (S59-1)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from bss.identity.services.staff_access import give_one_time_password
from bss.identity.services.staff_record import record, require_reason
from bss.identity.services.staff_roles import ask_for, refuse_conflicts
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval, Organisation, Staff
from bss.kernel.outbox import announce

NUMBER = re.compile(r"[a-z][a-z0-9]{2,19}")
ODD_NUMBER = "工号以小写字母开头，只含小写字母和数字，3 至 20 位。"
NUMBER_TAKEN = "工号 %(number)s 已有人使用；工号不会重复发放，请另取一个。"
PLACE_CLOSED = "%(place)s 已撤销，不能再安排人员。"


@dataclass(frozen=True, slots=True)
class Hired:
    """A new main account; ``one_time_password`` is nowhere else and cannot be read again."""

    staff: Staff
    one_time_password: str
    approval: Approval | None


@transaction.atomic
def hire(
    *,
    number: str,
    name: str,
    phone: str,
    organisation_id: int,
    role_codes: Collection[str],
    reason: str,
    by_id: int,
    at: datetime,
) -> Hired:
    """Open a main account. It has no role until a second person approves those asked for.

    Source: S59-1. Raises: BadInputError.
    """
    reason = require_reason(reason)
    if not NUMBER.fullmatch(number):
        raise BadInputError(("number", ODD_NUMBER))
    require_open(Organisation.objects.get(pk=organisation_id))
    refuse_conflicts(role_codes)
    staff = Staff(
        username=number,
        display_name=name,
        phone=phone,
        organisation_id=organisation_id,
        state=Staff.State.ENTERED,
    )
    password = give_one_time_password(staff)
    try:
        with transaction.atomic():
            staff.save()
    except IntegrityError as error:
        raise BadInputError(("number", Sentence(NUMBER_TAKEN, number=number))) from error
    record("hired", staff, at=at, by_id=by_id, reason=reason, place=str(staff.organisation))
    announce("staff.hired", {"staff_id": staff.pk}, at=at)
    approval = ask_for(staff, role_codes, reason=reason, by_id=by_id, at=at) if role_codes else None
    return Hired(staff, password, approval)


def require_open(place: Organisation) -> None:
    """Raises: BadInputError, when the place has been closed."""
    if not place.active:
        raise BadInputError(("organisation", Sentence(PLACE_CLOSED, place=place)))
