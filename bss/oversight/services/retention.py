"""What was kept long enough goes: rows are deleted, customers erased, and the run is audited."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.oversight.queries.retained import KEPT
from bss.oversight.queries.retained import due as rows_due
from bss.oversight.rules.retention import Period, kept_since, periods
from bss.oversight.services.erasure import erase

LOT = 5_000
"""Rows that go in one transaction."""
EXPIRED = "保存期满"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A kind of data, since when it is kept, and how many have been kept long enough."""

    period: Period
    before: datetime
    count: int


def due(*, at: datetime, real_at: datetime) -> list[Due]:
    """The dry run: what a run at this moment would take."""
    return [
        Due(period=period, before=before, count=rows_due(period.kind, before, at).count())
        for period in periods(settings.RETENTION_DAYS)
        for before in [kept_since(period, at=at, real_at=real_at)]
    ]


def run(*, at: datetime, real_at: datetime) -> dict[str, int]:
    """Take all that is due, lot by lot; gives how many of each kind."""
    taken = {
        one.period.kind: _erase_customers(one, at=at)
        if one.period.kind == "customers"
        else sum(_take_lots(one, at=at))
        for one in due(at=at, real_at=real_at)
        if one.count
    }
    if taken:
        audit.record(action="retention.run", subject="retention:daily", at=at, detail=taken)
    return taken


def _take_lots(one: Due, *, at: datetime) -> Iterator[int]:
    """Lot by lot, each in a few statements; what another transaction holds is left for tomorrow."""
    kept = KEPT[one.period.kind]
    rows = kept.rows(one.before, at).order_by("pk")
    while True:
        with transaction.atomic():
            held = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
            keys = list(held.values_list("pk", flat=True)[:LOT])
            if not keys:
                return
            lot = kept.model._base_manager.filter(pk__in=keys)
            if kept.clears:
                lot.update(**kept.clears)
            else:
                for part, name in kept.parts.items():
                    _delete(part._base_manager.filter(**{f"{name}__in": keys}))
                _delete(lot)
        yield len(keys)


def _delete(rows: QuerySet[Any]) -> None:
    """In one statement; what still names these rows makes the database refuse it."""
    rows._raw_delete(rows.db)


def _erase_customers(one: Due, *, at: datetime) -> int:
    """Each in its own transaction; who still owes or is owed is left for people to settle."""
    erased = 0
    for key in rows_due("customers", one.before, at).order_by("pk").values_list("pk", flat=True):
        try:
            erase(customer_id=key, reason=EXPIRED, at=at, by_id=None)
        except BadInputError as obstacle:
            log.warning("customer %s is kept longer: %s", key, obstacle)
        else:
            erased += 1
    return erased
