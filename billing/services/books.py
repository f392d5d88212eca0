"""The nightly look over all books; whoever is to act hears of every difference (ACC-6)."""

import logging
import time
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from billing.batch.audit_ledgers import Difference, audit_ledgers
from billing.models import BooksCheck
from bss.kernel import audit
from bss.kernel.errors import Sentence
from bss.kernel.notices import notify_holders

log = logging.getLogger(__name__)

FOUND = "帐务核对发现 %(count)s 处差异，请今天查明。"


def check_books(*, at: datetime, by_id: int | None = None) -> BooksCheck:
    """Look at everything and keep what was found; every time anew, for books may be mended.

    Tells all who may check the books, when something differs.
    """
    began = time.monotonic()
    report = audit_ledgers()
    for difference in report.differences:
        log.error("books: %s", difference)
    with transaction.atomic():
        check = BooksCheck.objects.create(
            at=at,
            journals=report.journals,
            entries=report.entries,
            differences=report.count,
            found=[difference.facts() for difference in report.differences],
            took_ms=round((time.monotonic() - began) * 1000),
        )
        audit.record(
            action="books.check",
            subject=f"books:{check.pk}",
            staff_id=by_id,
            at=at,
            detail={"entries": report.entries, "differences": report.count},
        )
        if report.count:
            _tell(check, at=at)
    return check


def differences_of(check: BooksCheck) -> list[Difference]:
    """What was found, as it was found."""
    return [Difference(**facts) for facts in check.found]


def _tell(check: BooksCheck, *, at: datetime) -> None:
    notify_holders(
        permission="books.check",
        text=Sentence(FOUND, count=check.differences),
        url=reverse("billing:books_check", args=[check.pk]),
        at=at,
    )
