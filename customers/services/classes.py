"""Keeping the classes: added, renamed, switched off and on; never deleted (S84-2)."""

from datetime import datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from customers.models import CustomerClass

NO_NAME = "请填写类别名称。"
NUMBER_TAKEN = "已有这个编号的类别；编号不能重复。"
NAME_TAKEN = "已有这个名称的类别；名称不能重复。"


@transaction.atomic
def add_class(
    *, number: int, name: str, note: str, at: datetime, by_id: int | None
) -> CustomerClass:
    """A new class. Raises: BadInputError."""
    _check(number=number, name=name)
    made: CustomerClass = CustomerClass.objects.create(
        number=number, name=name.strip(), note=note.strip()
    )
    _record("customer_class.add", made, at=at, by_id=by_id)
    return made


@transaction.atomic
def change_class(
    *, class_id: int, name: str, note: str, active: bool, at: datetime, by_id: int | None
) -> CustomerClass:
    """Another name or note, or switched off: whoever holds it keeps it, nobody new gets it.

    Raises: BadInputError; CustomerClass.DoesNotExist. Locks: the class.
    """
    one: CustomerClass = CustomerClass.objects.select_for_update().get(pk=class_id)
    _check(number=one.number, name=name, besides_id=one.pk)
    before = {"name": one.name, "active": one.active}
    one.name, one.note, one.active = name.strip(), note.strip(), active
    one.save(update_fields=["name", "note", "active"])
    _record("customer_class.change", one, at=at, by_id=by_id, before=before)
    return one


def _check(*, number: int, name: str, besides_id: int = 0) -> None:
    others = CustomerClass.objects.exclude(pk=besides_id)
    faults = []
    if not name.strip():
        faults.append(("name", NO_NAME))
    if others.filter(number=number).exists():
        faults.append(("number", NUMBER_TAKEN))
    if others.filter(name=name.strip()).exists():
        faults.append(("name", NAME_TAKEN))
    if faults:
        raise BadInputError(*faults)


def _record(
    action: str, one: CustomerClass, *, at: datetime, by_id: int | None, **detail: object
) -> None:
    audit.record(
        action=action,
        subject=f"customer_class:{one.pk}",
        at=at,
        staff_id=by_id,
        detail={"number": one.number, "name": one.name, "active": one.active, **detail},
    )
