"""Telling one person one thing: it waits on their home page until they have read it."""

from datetime import datetime

from bss.kernel.models import Notice
from bss.kernel.sentences import stored


def notify(*, staff_id: int, text: str, url: str = "", at: datetime) -> Notice:
    """Leave a notice in the caller's transaction; ``text`` is a message id or a ``Sentence``."""
    return Notice.objects.create(staff_id=staff_id, text=stored(text), url=url, at=at)


def mark_read(*, staff_id: int, at: datetime, notice_id: int | None = None) -> int:
    """One of this person's notices, or all of them, are read; how many were not before."""
    mine = Notice.objects.filter(staff_id=staff_id, read_at__isnull=True)
    if notice_id is not None:
        mine = mine.filter(pk=notice_id)
    return mine.update(read_at=at)
