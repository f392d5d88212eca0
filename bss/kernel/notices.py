"""Telling people one thing: it waits on their home page until they have read it."""

from datetime import datetime

from bss.kernel.grants import holders_of
from bss.kernel.models import Notice
from bss.kernel.sentences import stored


def notify(*, staff_id: int, text: str, url: str = "", at: datetime) -> Notice:
    """Leave a notice in the caller's transaction; ``text`` is a message id or a ``Sentence``."""
    return Notice.objects.create(staff_id=staff_id, text=stored(text), url=url, at=at)


def notify_holders(
    *, permission: str, text: str, url: str = "", at: datetime, but_id: int | None = None
) -> int:
    """The same to all whose roles carry ``permission``, ``but_id`` apart; how many they are."""
    told = [staff for staff in holders_of(permission) if staff.pk != but_id]
    for staff in told:
        notify(staff_id=staff.pk, text=text, url=url, at=at)
    return len(told)


def mark_read(*, staff_id: int, at: datetime, notice_id: int | None = None) -> int:
    """One of this person's notices, or all of them, are read; how many were not before."""
    mine = Notice.objects.filter(staff_id=staff_id, read_at__isnull=True)
    if notice_id is not None:
        mine = mine.filter(pk=notice_id)
    return mine.update(read_at=at)
