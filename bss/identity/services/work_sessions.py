"""Sessions begin, are seen, and end: at once, and with a reason their owner is told."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from bss.identity.models import WorkSession
from bss.kernel import audit
from bss.kernel.models import Staff


@transaction.atomic
def begin(
    *, staff_id: int, session_key: str, means: str, address: str, agent: str, at: datetime
) -> WorkSession:
    """A whole sign-in is done. Whoever works at one place at a time leaves the other one.

    Locks: the staff row, so that two sign-ins at once do not both stay.
    Units: ``at`` is the wall clock.
    """
    staff = Staff.objects.select_for_update().get(pk=staff_id)
    roles = set(staff.roles.values_list("code", flat=True))
    if roles & set(settings.ONE_WORKPLACE_ROLES):
        others = WorkSession.objects.filter(staff=staff, ended_at__isnull=True)
        end(others.values_list("pk", flat=True), why="elsewhere", at=at, address=address)
    idle = timedelta(minutes=idle_minutes_of(roles))
    ends_at = at + timedelta(hours=hours_of(roles))
    session = WorkSession.objects.create(
        staff=staff,
        session_key=session_key,
        means=means,
        address=address,
        agent=agent[:200],
        started_at=at,
        seen_at=at,
        idle_until=min(at + idle, ends_at),
        ends_at=ends_at,
    )
    audit.record(
        action="sign_in.done",
        subject=f"staff:{staff.pk}",
        at=at,
        staff_id=staff.pk,
        detail={"means": means, "address": address},
    )
    return session


@transaction.atomic
def end(
    session_ids: Iterable[int],
    *,
    why: str,
    at: datetime,
    address: str = "",
    ended_by_id: int | None = None,
) -> int:
    """End these sessions now: their cookies open nothing from here on. How many there were.

    Locks: the sessions, by id.
    """
    found = list(
        WorkSession.objects.select_for_update()
        .filter(pk__in=list(session_ids), ended_at__isnull=True)
        .order_by("pk")
    )
    Session.objects.filter(session_key__in=[session.session_key for session in found]).delete()
    for session in found:
        session.ended_at, session.ended_why = at, why
        session.ended_from, session.ended_by_id = address, ended_by_id
        audit.record(
            action="session.ended",
            subject=f"staff:{session.staff_id}",
            at=at,
            staff_id=ended_by_id or session.staff_id,
            detail={"why": why, "session": session.pk, "address": session.address},
        )
    WorkSession.objects.bulk_update(
        found, ["ended_at", "ended_why", "ended_from", "ended_by_id"], batch_size=500
    )
    return len(found)


def end_all_of(*, staff_id: int, why: str, at: datetime, ended_by_id: int | None = None) -> int:
    """End every session of a person, as when the account is disabled."""
    running = WorkSession.objects.filter(staff_id=staff_id, ended_at__isnull=True)
    return end(running.values_list("pk", flat=True), why=why, at=at, ended_by_id=ended_by_id)


def see(*, session_id: int, idle: timedelta, at: datetime) -> None:
    """Its person is at work: the idle time starts anew."""
    WorkSession.objects.filter(pk=session_id, ended_at__isnull=True).update(
        seen_at=at, idle_until=at + idle
    )


def rekey(*, session_id: int, session_key: str) -> None:
    """The cookie's session has changed its key, as after a change of password."""
    WorkSession.objects.filter(pk=session_id).update(session_key=session_key)


def idle_minutes_of(roles: Iterable[str]) -> int:
    """The shortest idle time of these roles."""
    own = settings.SESSION_IDLE_MINUTES_OF_ROLES
    return min((own.get(role, settings.SESSION_IDLE_MINUTES) for role in roles), default=0) or (
        settings.SESSION_IDLE_MINUTES
    )


def hours_of(roles: Iterable[str]) -> int:
    """The shortest lifetime of these roles."""
    own = settings.SESSION_HOURS_OF_ROLES
    found = (own.get(role, settings.SESSION_HOURS) for role in roles)
    return min(found, default=0) or settings.SESSION_HOURS


@transaction.atomic
def close_overdue(*, at: datetime) -> int:
    """Write the end of sessions whose person went home without signing out; how many.

    They opened nothing any more; from here on the lists and the cookies' sessions know it, too.
    """
    running = WorkSession.objects.filter(ended_at__isnull=True)
    late = running.filter(ends_at__lte=at).values_list("pk", flat=True)
    ended = end(late, why="expired", at=at)
    idle = running.filter(idle_until__lte=at).values_list("pk", flat=True)
    ended += end(idle, why="idle", at=at)
    Session.objects.filter(expire_date__lt=at).delete()
    return ended
