"""What the schedule does for the audit each night."""

import logging
from datetime import datetime

from bss.kernel import clock
from bss.kernel.audit.anchors import write_anchor
from bss.kernel.audit.checks import check

log = logging.getLogger(__name__)


def anchor_and_check(*, at: datetime) -> None:
    """Print the day's anchor, then verify everything; a fault is shown on the audit page."""
    write_anchor(at=at, written_at=clock.real_now())
    verified = check(at=clock.real_now())
    for fault in verified.faults[:20]:
        log.error("audit: %s", fault)
