"""闲置停用: an account that nobody uses is warned about, then shut (S59-1).

Programs that call under the person's name do not count: docs/adr/0018.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse

from bss.identity.queries.interfaces import who_manages_interfaces_of
from bss.identity.queries.locked import lock_staff
from bss.identity.rules.staff_idle import IdleVerdict, disabled_from, verdict
from bss.identity.services.interface_handovers import count_interfaces
from bss.identity.services.staff_leaving import disable
from bss.identity.services.staff_record import record
from bss.kernel.errors import Sentence
from bss.kernel.models import Staff
from bss.kernel.notices import notify
from bss.kernel.outbox import announce
from bss.kernel.periods import business_date

WHY = "连续 %(days)s 天未使用，自动停用"
INTERFACES_STOP = (
    "%(who)s 长期未登录，%(when)s 起自动停用，其负责的 %(count)s 个接口号随之停用。"
    "请让本人登录，或为接口号另定负责人。"
)


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

    By the wall clock. What their tokens and interfaces do is no use of the account.
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
        _warn_of_interfaces(staff, at=at, now=now)
    elif found is IdleVerdict.DISABLE:
        why = Sentence(WHY, days=settings.STAFF_IDLE_DAYS)
        disable(staff_id=staff.pk, reason=why, by_id=None, at=at)
    return found


def _warn_of_interfaces(staff: Staff, *, at: datetime, now: datetime) -> None:
    """Whoever manages interfaces where this person works hears what would stop."""
    count = count_interfaces(staff.pk)
    if not count:
        return
    until = disabled_from(
        used_at=staff.used_at,  # type: ignore[attr-defined]
        warned_at=now,
        idle_days=settings.STAFF_IDLE_DAYS,
        warn_days=settings.STAFF_IDLE_WARN_DAYS,
    )
    text = Sentence(INTERFACES_STOP, who=staff, when=f"{business_date(until)}", count=count)
    url = reverse("identity:staff_member", args=[staff.username])
    for officer in who_manages_interfaces_of(staff):
        notify(staff_id=officer.pk, text=text, url=url, at=at)
