"""A verification that is kept, so that the audit page can say when all was in order."""

import time
from datetime import datetime

from bss.kernel.audit.anchors import Anchor, all_anchors
from bss.kernel.audit.verify import Verified, verify
from bss.kernel.models.audit_chain import AuditCheck


def check(*, at: datetime, since: Anchor | None = None) -> Verified:
    """Verify against every anchor and note the outcome. ``at`` is the wall clock."""
    began = time.monotonic()
    verified = verify(at=at, anchors=all_anchors(), since=since)
    AuditCheck.objects.create(
        checked_at=at,
        sealed_until=verified.last_seq,
        entries=verified.links + verified.unsealed,
        faults=len(verified.faults),
        took_ms=round((time.monotonic() - began) * 1000),
    )
    return verified
