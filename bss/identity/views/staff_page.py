"""A1 工号: everything about one main account, and what can be done with it now."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from bss.identity.duties import carried_by
from bss.identity.models import Recovery
from bss.identity.queries.staff_history import history_of
from bss.identity.queries.staff_list import listed_staff
from bss.identity.rules.staff_idle import disabled_from
from bss.identity.second_factors import factors_of
from bss.identity.services.recovery import RECOVER
from bss.identity.services.staff_idle import with_last_use
from bss.identity.services.staff_roles import GRANT
from bss.identity.views.staff_events import EVENTS, event_of
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.models import Approval, Staff

TEMPLATE = "identity/staff_page.html"
State = Staff.State

# What may be done in each state: (address, permission).
ACTS: dict[str, tuple[str, ...]] = {
    State.ENTERED: ("staff_roles", "staff_recover", "staff_move", "staff_disable", "staff_leave"),
    State.ACTIVE: ("staff_roles", "staff_move", "staff_recover", "staff_disable", "staff_leave"),
    State.DISABLED: ("staff_recover", "staff_leave"),
    State.LEFT: (),
}


def found_staff(request: HttpRequest, number: str) -> Any:
    """The account with this number within the viewer's reach; 404 for every other."""
    staff = listed_staff(request.user).filter(username=number).first()
    if staff is None:
        raise Http404
    return staff


def signed_in(request: HttpRequest) -> int:
    """Who does it: every page here is behind the sign-in."""
    assert request.user.pk is not None
    return request.user.pk


@requires("staff.view")
def staff_page(request: HttpRequest, number: str) -> HttpResponse:
    """The whole account."""
    return render(request, TEMPLATE, page_context(request, found_staff(request, number)))


def page_context(request: HttpRequest, staff: Any) -> dict[str, Any]:
    mine = request.user.pk == staff.pk
    now = clock.now()
    asked = Approval.objects.filter(
        kind__in=(GRANT, RECOVER),
        state=Approval.State.ASKED,
        payload__staff_id=staff.pk,
        expires_at__gt=now,
    )
    ready = Recovery.objects.filter(
        staff=staff, asked_by=request.user.pk, used_at__isnull=True, valid_until__gt=now
    )
    return {
        "staff": staff,
        "mine": mine,
        "acts": set() if mine else _acts(request, staff),
        "factors": factors_of([staff.pk]).get(staff.pk, set()),
        "idle_until": _idle_until(staff),
        "accounts": staff.sub_accounts.select_related("system").order_by("valid_until", "system"),
        "carried": carried_by(staff.pk),
        "asked": list(asked.select_related("asked_by")),
        "ready": ready.select_related("approval__decided_by").first(),
        "events": [event_of(entry) for entry in history_of(staff, actions=EVENTS)],
        "sessions_url": _sessions_of(request, staff),
        "crumbs": [(_("工号"), reverse("identity:staff")), (staff.username, "")],
    }


def _acts(request: HttpRequest, staff: Staff) -> set[str]:
    may = {
        name
        for name in ACTS[staff.state]
        if access.can(request.user, "role.grant" if name == "staff_roles" else "staff.manage")
    }
    if staff.is_active and access.can(request.user, "staff.manage"):
        may.add("sub_account")
    return may


def _idle_until(staff: Staff) -> Any:
    """When an account that was warned about is disabled; None while it is used."""
    used_at = with_last_use().values_list("used_at", flat=True).get(pk=staff.pk)
    warned_at = staff.idle_warned_at
    if not staff.is_active or warned_at is None or warned_at <= used_at:
        return None
    return disabled_from(
        used_at=used_at,
        warned_at=warned_at,
        idle_days=settings.STAFF_IDLE_DAYS,
        warn_days=settings.STAFF_IDLE_WARN_DAYS,
    )


def _sessions_of(request: HttpRequest, staff: Staff) -> str:
    if not access.can(request.user, "session.end"):
        return ""
    try:
        return f"{reverse('identity:sessions')}?q={staff.username}"
    except NoReverseMatch:
        return ""
