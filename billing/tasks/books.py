"""The books as a task."""

from celery import shared_task

from billing.services import books
from bss.kernel.periods import local_moment


@shared_task
def check(at: str, by_id: int | None = None) -> int:
    """Look over all books; gives the number of differences."""
    return books.check_books(at=local_moment(at), by_id=by_id).differences
