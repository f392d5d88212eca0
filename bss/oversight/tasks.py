"""What the schedule calls."""

from datetime import datetime

from bss.kernel import clock
from bss.oversight.services import retention


def keep_no_longer(*, at: datetime) -> None:
    """Each night: what was kept long enough goes."""
    retention.run(at=at, real_at=clock.real_now())
