"""闲置停用: an account that nobody uses is warned about, then shut (S59-1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from bss.identity.queries.locked import lock_staff
from bss.identity.rules.staff_idle import IdleVerdict, verdict
from bss.identity.services.staff_leaving import disable
from bss.identity.services.staff_record import record
from bss.kernel.errors import Sentence
from bss.kernel.models import Staff
from bss.kernel.outbox import announce

WHY = "连续 %(days)s 天未使用，自动停用"


@dataclass(frozen=True, slots=True)
class Swept:
    """How many were warned about, and how many were disabled."""

    warned: int
    disabled: int


def sweep_idle(*, at: datetime, now: datetime) -> Swept:
    """Warn about and disable what is idle by the wall clock ``now``; recorded as of ``at``.

    Each account in a transaction of its own, judged again under its lock; may be repeated.
    """
    found = list(unused_since(now).order_by("pk").values_list("pk", flat=True))
    done = [_settle(key, at=at, now=now) for key in found]
    return Swept(done.count(IdleVerdict.WARN), done.count(IdleVerdict.DISABLE))


def unused_since(now: datetime) -> Any:
    """Accounts at work that have not been used for so long that they are warned about."""
    limit = now - timedelta(days=settings.STAFF_IDLE_DAYS - settings.STAFF_IDLE_WARN_DAYS)
    return with_last_use().filter(
        state__in=(Staff.State.ENTERED, Staff.State.ACTIVE), used_at__lte=limit
    )


def with_last_use() -> Any:
    """Staff with ``used_at``: the last sign-in, password or the day they came, whichever is last.

    By the wall clock.
    """
    came = "date_joined"
    return Staff.objects.annotate(
        used_at=Greatest(Coalesce("last_login", came), Coalesce("password_set_at", came))
    )


@transaction.atomic
def _settle(staff_id: int, *, at: datetime, now: datetime) -> IdleVerdict:
    lock_staff(staff_id)
    staff = unused_since(now).filter(pk=staff_id).first()
    if staff is None:
        return IdleVerdict.IN_USE
    found = verdict(
        used_at=staff.used_at,
        warned_at=staff.idle_warned_at,
        now=now,
        idle_days=settings.STAFF_IDLE_DAYS,
        warn_days=settings.STAFF_IDLE_WARN_DAYS,
    )
    if found is IdleVerdict.WARN:
        staff.idle_warned_at = now
        staff.save(update_fields=["idle_warned_at"])
        record("idle_warned", staff, at=at, by_id=None)
        announce("staff.idle_warned", {"staff_id": staff.pk}, at=at)
    elif found is IdleVerdict.DISABLE:
        why = Sentence(WHY, days=settings.STAFF_IDLE_DAYS)
        disable(staff_id=staff.pk, reason=why, by_id=None, at=at)
    return found
