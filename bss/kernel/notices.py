"""Telling people one thing: it waits on their home page until they have read it."""

from datetime import datetime

from bss.kernel.models import Notice, Staff
from bss.kernel.sentences import stored


def notify(*, staff_id: int, text: str, url: str = "", at: datetime) -> Notice:
    """Leave a notice in the caller's transaction; ``text`` is a message id or a ``Sentence``."""
    return Notice.objects.create(staff_id=staff_id, text=stored(text), url=url, at=at)


def notify_holders(*, permission: str, text: str, url: str = "", at: datetime) -> int:
    """The same to everyone whose roles carry ``permission``; how many they are."""
    people = Staff.objects.filter(is_active=True, roles__permissions__contains=[permission])
    told = sorted(set(people.values_list("pk", flat=True)))
    for staff_id in told:
        notify(staff_id=staff_id, text=text, url=url, at=at)
    return len(told)


def mark_read(*, staff_id: int, at: datetime, notice_id: int | None = None) -> int:
    """One of this person's notices, or all of them, are read; how many were not before."""
    mine = Notice.objects.filter(staff_id=staff_id, read_at__isnull=True)
    if notice_id is not None:
        mine = mine.filter(pk=notice_id)
    return mine.update(read_at=at)
