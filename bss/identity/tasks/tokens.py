"""The night's clearing of tokens that ended long ago."""

from datetime import datetime

from bss.identity.services.token_clearing import clear_tokens
from bss.kernel import clock
from bss.kernel.audit import acting


def forget_tokens(*, at: datetime) -> int:
    """Forget them by the wall clock, as their ends are; how many."""
    with acting(source="task forget_tokens"):
        return clear_tokens(now=clock.real_now())
