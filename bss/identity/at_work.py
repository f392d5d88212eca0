"""What a browser's session knows of the work session it stands for."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bss.identity.models import WorkSession
from bss.identity.second_factors import factors_of
from bss.identity.services import work_sessions
from bss.kernel import clock
from bss.kernel.callers import address_of

AT_WORK = "at_work"
MUST_ENROL = "must_enrol"
SEEN_EVERY_S = 60


def begin(request: HttpRequest, staff: Any, *, means: str) -> None:
    """This person starts work in this session, whose key is new."""
    if not request.session.session_key:
        request.session.save()
    now = clock.real_now()
    session = work_sessions.begin(
        staff_id=staff.pk,
        session_key=request.session.session_key or "",
        means=means,
        address=address_of(request),
        agent=request.headers.get("user-agent", ""),
        at=now,
    )
    request.session[AT_WORK] = facts_of(session)
    if must_have_second_factor(staff) and not factors_of([staff.pk]):
        request.session[MUST_ENROL] = True


def facts_of(session: WorkSession) -> dict[str, Any]:
    """What is looked at on every request, so that no request has to ask the database."""
    return {
        "id": session.pk,
        "seen": session.seen_at.timestamp(),
        "idle_s": (session.idle_until - session.seen_at).total_seconds(),
        "ends": session.ends_at.timestamp(),
        "address": session.address,
    }


def over_because(facts: dict[str, Any], *, at: datetime) -> str:
    """Why the session is over by now: ``idle``, ``expired``, or empty."""
    now = at.timestamp()
    if now >= facts["ends"]:
        return "expired"
    return "idle" if now >= facts["seen"] + facts["idle_s"] else ""


def see(request: HttpRequest, facts: dict[str, Any], *, at: datetime) -> None:
    """Note that the person is at work, once a minute at most."""
    if at.timestamp() - facts["seen"] < SEEN_EVERY_S:
        return
    idle = timedelta(seconds=facts["idle_s"])
    work_sessions.see(session_id=facts["id"], idle=idle, at=at)
    request.session[AT_WORK] = {**facts, "seen": at.timestamp()}


def must_have_second_factor(staff: Any) -> bool:
    roles = set(settings.SECOND_FACTOR_ROLES)
    return bool(roles) and staff.roles.filter(code__in=roles).exists()
