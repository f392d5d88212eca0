"""The monthly archive of usage: what is old enough moves, and erased customers leave the files."""

from datetime import datetime

from billing.services.usage_archive import archive_due
from billing.services.usage_forgetting import forget_erased


def archive_usage(*, at: datetime) -> None:
    """Archive what is due, then write files anew that hold erased customers."""
    archive_due(at=at, again=False)
    forget_erased(at=at, again=False)
