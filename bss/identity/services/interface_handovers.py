"""Interfaces whose responsible person moves or leaves: a successor answers for them (S85-1)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bss.identity.models import InterfaceNumber
from bss.identity.queries.interfaces import lock_interface, responsible_staff
from bss.identity.services.interfaces import give_to
from bss.kernel import access
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Staff

LACKS = (
    "%(who)s 不能接手接口号 %(number)s：没有“%(permission)s”权限。"
    "请另选接手人，或先停用这个接口号。"
)


def count_interfaces(staff_id: int) -> int:
    """How many open interfaces this person answers for."""
    return _open_of(staff_id).count()


@transaction.atomic
def hand_over_interfaces(*, from_id: int, to_id: int, at: datetime, by_id: int | None) -> int:
    """Another answers for all of them from now on, within the same bounds; how many.

    The systems behind them notice nothing but the successor's reach. Whoever may not do what an
    interface does cannot answer for it: the leaver stays until there is one, or it is closed.

    Source: S85-1. Locks: the interfaces by pk. Raises: BadInputError.
    """
    successor = responsible_staff(to_id)
    keys = list(_open_of(from_id).order_by("pk").values_list("pk", flat=True))
    for key in keys:
        interface = lock_interface(key)
        _check(interface, successor)
        give_to(interface, staff_id=to_id, at=at, by_id=by_id)
    return len(keys)


def _open_of(staff_id: int) -> QuerySet[InterfaceNumber]:
    return InterfaceNumber.objects.filter(responsible=staff_id, state=InterfaceNumber.State.OPEN)


def _check(interface: InterfaceNumber, successor: Staff) -> None:
    may = access.permissions_of(successor)
    if lacking := [scope for scope in interface.scopes if scope not in may]:
        raise BadInputError(
            *(
                (
                    "successor",
                    Sentence(
                        LACKS,
                        who=successor,
                        number=interface.number,
                        permission=access.PERMISSIONS[scope],
                    ),
                )
                for scope in lacking
            )
        )
