"""An operator of any size: ten accounts made by the services, the rest copied from them by SQL.

``families`` makes the ten, ``copies`` multiplies them, ``calls`` gives each five records.
"""

from collections.abc import Callable

from tests.bench.world.changes import order_changes
from tests.bench.world.copies import BLOCK, copies_of
from tests.bench.world.families import OCTOBER, make_bundle_families, make_families

__all__ = ["BLOCK", "OCTOBER", "make_bundles", "make_world"]

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


def make_bundles(*, bundles: int) -> None:
    """So many bundles in force in October; of every ten one changes with November.

    Raises: ValueError when they are not whole copies of the ten.
    """
    copies, rest = divmod(bundles, PER_FAMILY)
    if rest:
        raise ValueError(f"bundles come in {PER_FAMILY}s")
    make_bundle_families(bundles=PER_FAMILY)
    order_changes(at_most=1)
    copies_of(copies)
