"""The sealer: it alone chains, in the order of their keys, the entries that are committed.

Writers only leave their entry's key in ``AuditWaiting``. A row is there exactly as long as its
entry is committed and not in the chain, however late its transaction ended: nothing is looked for.
"""

import io
from datetime import datetime

from django.db import connection, transaction

from bss.kernel.audit.digest import BEFORE_ALL, key, link_hash
from bss.kernel.models.audit_chain import AuditLink

SEALER_LOCK = 0x62737302
AT_ONCE = 20_000

# The rows are deleted where they stand, which nobody else changes; and because the planner then
# expects few of them, it looks their entries up by key instead of reading all that there are.
_TAKE = """
WITH taken AS (
    DELETE FROM kernel_auditwaiting
    WHERE ctid = ANY (
        ARRAY(SELECT ctid FROM kernel_auditwaiting ORDER BY entry_id LIMIT %s)
    )
    RETURNING entry_id
)
SELECT taken.entry_id, e.digest
FROM taken
LEFT JOIN kernel_auditentry e ON e.id = taken.entry_id
ORDER BY taken.entry_id
"""


def seal(*, at: datetime, at_most: int | None = None) -> int:
    """Chain what waits; gives how many. Another sealer at work: 0.

    ``at`` is the wall clock. Every chunk is a transaction of its own.
    Locks: one advisory lock, so that there is one sealer; no entry is locked.
    """
    sealed = 0
    while at_most is None or sealed < at_most:
        chunk = _seal_chunk(at=at)
        sealed += chunk
        if chunk < AT_ONCE:
            break
    return sealed


@transaction.atomic
def _seal_chunk(*, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE, [AT_ONCE])
        entries = cursor.fetchall()
        if entries:
            cursor.copy_expert(
                "COPY kernel_auditlink (seq, entry_id, previous, hash, sealed_at) FROM STDIN",
                _links(entries, at=at),
            )
    return len(entries)


def _links(entries: list[tuple[int, memoryview | None]], *, at: datetime) -> io.StringIO:
    """The new end of the chain, as COPY reads it. An entry that is gone is chained as gone."""
    head = AuditLink.objects.order_by("-seq").values_list("seq", "hash").first()
    seq, previous = (head[0], bytes(head[1])) if head else (0, BEFORE_ALL)
    secret, moment, before, lines = key(), at.isoformat(), previous.hex(), []
    for entry_id, digest in entries:
        seq += 1
        own = link_hash(
            previous, seq=seq, entry_id=entry_id, digest=bytes(digest or b""), key=secret
        )
        after = own.hex()
        lines.append(f"{seq}\t{entry_id}\t\\\\x{before}\t\\\\x{after}\t{moment}\n")
        previous, before = own, after
    return io.StringIO("".join(lines))
