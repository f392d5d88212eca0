"""The nightly look for accounts that nobody uses."""

from datetime import datetime

from bss.identity.services.staff_idle import sweep_idle
from bss.kernel import clock
from bss.kernel.audit import acting


def disable_idle_staff(*, at: datetime) -> int:
    """Warn about and disable unused accounts; how many of both.

    Idle is measured by the wall clock: a training clock moved on by months disables nobody.
    """
    with acting(source="task disable_idle_staff"):
        swept = sweep_idle(at=at, now=clock.real_now())
    return swept.warned + swept.disabled
