"""The verification: every entry, every link and every anchor, by our own key and our own code.

Nothing of the database is believed but the rows themselves: no function or trigger is called.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from bss.kernel.audit.anchors import Anchor
from bss.kernel.audit.digest import BEFORE_ALL, CANONICAL, entry_digest, key, link_hash
from bss.kernel.audit.guards import missing_guards

UNSEALED_AT_MOST = timedelta(seconds=60)
FETCHED_AT_ONCE = 5000

_CHAIN = f"""
SELECT l.seq, l.entry_id, l.previous, l.hash, e.digest, {CANONICAL.format(e="e")}
FROM kernel_auditlink l LEFT JOIN kernel_auditentry e ON e.id = l.entry_id
WHERE l.seq > %s ORDER BY l.seq
"""
_UNSEALED = f"""
SELECT e.id, e.recorded_at, e.digest, {CANONICAL.format(e="e")}
FROM kernel_auditentry e
WHERE NOT EXISTS (SELECT FROM kernel_auditlink l WHERE l.entry_id = e.id) ORDER BY e.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that was done to the audit. ``kind``: altered, missing, inserted, reordered,
    unsealed, cut, unguarded."""

    kind: str
    where: str
    says: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.says}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was looked at, and what is wrong with it."""

    links: int
    unsealed: int
    last_seq: int
    faults: tuple[Fault, ...]


@transaction.atomic
def verify(
    *, at: datetime, anchors: Sequence[Anchor] = (), since: Anchor | None = None
) -> Verified:
    """Look at the whole chain, or at what follows the anchor ``since``, and at what waits.

    ``at`` is the wall clock. All of it is read in one snapshot, so that sealing may go on.
    """
    with connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    chain = _Chain(since=since)
    for row in _rows(_CHAIN, [chain.seq]):
        chain.follow(*row)
    unsealed, found = _unsealed(at=at)
    faults = [
        *chain.faults,
        *found,
        *_against(anchors, chain),
        *(
            Fault(kind="unguarded", where=name, says="该保护触发器不在或已停用")
            for name in missing_guards()
        ),
    ]
    return Verified(links=chain.links, unsealed=unsealed, last_seq=chain.seq, faults=tuple(faults))


class _Chain:
    """The chain as it is followed from link to link."""

    def __init__(self, *, since: Anchor | None) -> None:
        self.seq = since.seq if since else 0
        self.hash = since.hash if since else BEFORE_ALL
        self.start = self.seq
        self.links = 0
        self.faults: list[Fault] = []
        self.hashes: dict[int, bytes] = {}
        self.key = key()

    def follow(
        self,
        seq: int,
        entry_id: int,
        previous: Any,
        hash: Any,
        digest: Any,
        canonical: str,
    ) -> None:
        self.links += 1
        if seq != self.seq + 1:
            self._fault("missing", f"链 {self.seq + 1}–{seq - 1}", "这些环节不在了")
        elif bytes(previous) != self.hash:
            self._fault("reordered", f"链 {seq}", "与前一环节不衔接")
        stored = bytes(digest or b"")
        gone = digest is None
        self._entry(entry_id, stored, canonical, gone)
        own = link_hash(bytes(previous), seq=seq, entry_id=entry_id, digest=stored, key=self.key)
        if not gone and own != bytes(hash):
            self._fault("reordered", f"链 {seq}", f"不是封存时的审计记录 {entry_id}")
        self.seq, self.hash = seq, bytes(hash)
        self.hashes[seq] = self.hash

    def _entry(self, entry_id: int, stored: bytes, canonical: str, gone: bool) -> None:
        if gone:
            self._fault("missing", f"审计记录 {entry_id}", "已封存的记录不在了")
        elif not stored:
            self._fault("inserted", f"审计记录 {entry_id}", "没有摘要,不是本系统写入的")
        elif entry_digest(canonical, key=self.key) != stored:
            self._fault("altered", f"审计记录 {entry_id}", "内容与摘要不符")

    def _fault(self, kind: str, where: str, says: str) -> None:
        self.faults.append(Fault(kind=kind, where=where, says=says))


def _unsealed(*, at: datetime) -> tuple[int, list[Fault]]:
    """The entries outside the chain: how many, and what is wrong with them."""
    count, faults, secret = 0, [], key()
    for entry_id, recorded_at, digest, canonical in _rows(_UNSEALED, []):
        count += 1
        where = f"审计记录 {entry_id}"
        if entry_digest(canonical, key=secret) != bytes(digest):
            says = "未封存,摘要不符,不是本系统写入的"
            faults.append(Fault(kind="inserted", where=where, says=says))
        elif recorded_at < at - UNSEALED_AT_MOST:
            says = f"自 {recorded_at:%Y-%m-%d %H:%M:%S} 起未封存"
            faults.append(Fault(kind="unsealed", where=where, says=says))
    return count, faults


def _against(anchors: Sequence[Anchor], chain: _Chain) -> Iterator[Fault]:
    """Every printed anchor must still lie in the chain."""
    for anchor in anchors:
        if anchor.seq > chain.seq:
            says = f"锚点在 {anchor.seq},链只到 {chain.seq}:尾部被截断"
            yield Fault(kind="cut", where=anchor.name, says=says)
        elif anchor.seq > chain.start and chain.hashes.get(anchor.seq) != anchor.hash:
            says = f"链 {anchor.seq} 与锚点不符"
            yield Fault(kind="reordered", where=anchor.name, says=says)


def _rows(sql: str, parameters: list[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows as they stream from a cursor of the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(FETCHED_AT_ONCE):
            yield from rows
