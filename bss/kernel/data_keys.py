"""Data keys: made, opened, wrapped anew, destroyed.

Opened keys are kept for some seconds in a small store of this process, so that a page of many
customers asks once. A key that was destroyed is forgotten here at once and elsewhere when its
seconds are over.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import datetime
from secrets import token_bytes
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from bss.kernel import key_ring
from bss.kernel.models.data_key import DataKey

KEPT_S = 30.0
KEPT_AT_MOST = 4096
WANTED_AT_MOST = 100


class KeyDestroyedError(ValueError):
    """What this key sealed is gone for good."""


class _Wanted(threading.local):
    """The keys of rows that this thread read last: opened together when one of them is needed."""

    def __init__(self) -> None:
        self.ids: deque[UUID] = deque(maxlen=WANTED_AT_MOST)


_wanted = _Wanted()
_opened: OrderedDict[UUID, tuple[float, bytes]] = OrderedDict()
_lock = threading.Lock()


def create() -> DataKey:
    """A new key, wrapped by the ring's newest."""
    [made] = create_many(1)
    return made


def create_many(count: int) -> list[DataKey]:
    """So many new keys in one statement."""
    version = key_ring.newest()
    rows, keys = [], []
    for _ in range(count):
        key, key_id = token_bytes(key_ring.KEY_BYTES), uuid4()
        wrapped = key_ring.wrap(key, key_id=key_id, version=version)
        rows.append(DataKey(id=key_id, wrapped=wrapped, version=version))
        keys.append((key_id, key))
    DataKey.objects.bulk_create(rows, batch_size=1000)
    _keep(keys)
    return rows


def note(key_id: UUID) -> None:
    """A row under this key was read: open it together with the others when one is needed."""
    _wanted.ids.append(key_id)


def opened(key_id: UUID) -> bytes:
    """The key itself. Raises: KeyDestroyedError; ValueError when it is nowhere or does not open."""
    known = _kept(key_id)
    if known is not None:
        return known
    asked = {key_id, *(other for other in _wanted.ids if _kept(other) is None)}
    _wanted.ids.clear()
    rows = DataKey.objects.in_bulk(asked)
    row = rows.get(key_id)
    if row is None:
        raise ValueError(f"there is no data key {key_id}")
    if row.destroyed_at is not None:
        raise KeyDestroyedError(f"data key {key_id} was destroyed")
    others = [one for one in rows.values() if one.destroyed_at is None]
    keys = {one.pk: _unwrapped(one) for one in others}
    _keep(keys.items())
    return keys[key_id]


def destroy(key_id: UUID, *, at: datetime) -> None:
    """Overwrite the key; whatever it sealed stays sealed for ever."""
    DataKey.objects.filter(pk=key_id, destroyed_at__isnull=True).update(
        wrapped=b"", destroyed_at=at
    )
    forget(key_id)
    transaction.on_commit(lambda: forget(key_id))


def to_rotate() -> int:
    """How many living keys are not wrapped by the ring's newest."""
    return _behind().count()


@transaction.atomic
def rotate_some(*, limit: int = 500) -> int:
    """Wrap the next keys by the ring's newest; gives how many. The keys themselves stay.

    Locks: the keys' rows, skipping those that another rotation or erasure has.
    """
    version = key_ring.newest()
    rows = list(_behind().select_for_update(skip_locked=True).order_by("pk")[:limit])
    for row in rows:
        row.wrapped = key_ring.wrap(_unwrapped(row), key_id=row.pk, version=version)
        row.version = version
    DataKey.objects.bulk_update(rows, ["wrapped", "version"])
    return len(rows)


def forget(key_id: UUID | None = None) -> None:
    """Drop one opened key, or all, from this process."""
    with _lock:
        if key_id is None:
            _opened.clear()
        else:
            _opened.pop(key_id, None)


def _behind() -> QuerySet[DataKey]:
    living = DataKey.objects.filter(destroyed_at__isnull=True)
    return living.exclude(version=key_ring.newest())


def _unwrapped(row: DataKey) -> bytes:
    return key_ring.unwrap(bytes(row.wrapped), key_id=row.pk, version=row.version)


def _kept(key_id: UUID) -> bytes | None:
    with _lock:
        found = _opened.get(key_id)
        if found is None:
            return None
        if time.monotonic() - found[0] > KEPT_S:
            del _opened[key_id]
            return None
        return found[1]


def _keep(keys: Iterable[tuple[UUID, bytes]]) -> None:
    now = time.monotonic()
    with _lock:
        for key_id, key in keys:
            _opened[key_id] = (now, key)
            _opened.move_to_end(key_id)
        while len(_opened) > KEPT_AT_MOST:
            _opened.popitem(last=False)
