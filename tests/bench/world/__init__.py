"""An operator of any size: ten accounts made by the services, the rest copied from them by SQL.

``families`` makes the ten, ``copies`` multiplies them, ``calls`` gives each five records.
"""

from collections.abc import Callable

from tests.bench.world.copies import BLOCK, copies_of
from tests.bench.world.families import OCTOBER, make_families

__all__ = ["BLOCK", "OCTOBER", "make_world"]

PER_FAMILY = 10


def make_world(*, accounts: int, before_copies: Callable[[], object] = lambda: None) -> None:
    """So many accounts that pay a bill each month, a fifth of them a bundle's.

    ``before_copies`` may change the ten before they are copied.
    Raises: ValueError when they are not whole copies of the ten.
    """
    copies, rest = divmod(accounts, PER_FAMILY)
    if rest:
        raise ValueError(f"accounts come in {PER_FAMILY}s")
    make_families()
    before_copies()
    copies_of(copies)
