"""登录锁定: who is locked out now, and opening it."""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bss.identity.queries.lockouts import locked_pairs
from bss.identity.services import lockouts
from bss.identity.signed_in import staff_of
from bss.identity.stepup import recently_proved
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.models import Staff
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.scope import in_place

COLUMNS = (
    Column(name="staff", label=_("工号"), order_by=("username",), value=lambda a: a.username),
    Column(name="address", label=_("地址"), order_by=("ip_address",), value=lambda a: a.ip_address),
    Column(
        name="failures",
        label=_("没有输对的次数"),
        order_by=("failures",),
        value=lambda a: a.failures,
        num=True,
    ),
    Column(
        name="last",
        label=_("最后一次"),
        order_by=("attempt_time",),
        value=lambda a: a.attempt_time,
    ),
    Column(name="opens", label=_("自动解除"), value=lambda a: _opens_at(a)),
    Column(name="unlock", label=_("操作")),
)


def _opens_at(attempt: AccessAttempt) -> Any:
    return attempt.attempt_time + settings.AXES_COOLOFF_TIME


def _reached(request: HttpRequest) -> Q:
    """Numbers of staff within reach, and what is nobody's number."""
    staff = Staff.objects.filter(in_place(request.user)).values("username")
    return Q(username__in=staff) | ~Q(username__in=Staff.objects.values("username"))


@requires("sign_in.unlock")
def lockout_list(request: HttpRequest) -> HttpResponse:
    """登录锁定: the newest first."""
    page = ListPage(
        request,
        locked_pairs(at=clock.real_now()).filter(_reached(request)),
        columns=COLUMNS,
        sort="-last",
    )
    if answer := page.exported("登录锁定"):
        return answer
    for attempt in page.rows:
        attempt.opens_at = _opens_at(attempt)
    return render(request, "identity/lockout_list.html", {"list": page})


@requires("sign_in.unlock")
@recently_proved
@require_POST
def unlock(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Open one lock now, for someone one knows to be the right person."""
    if AccessAttempt.objects.filter(pk=attempt_id).exclude(_reached(request)).exists():
        raise Http404
    username = lockouts.unlock(
        attempt_id=attempt_id, unlocked_by_id=staff_of(request).pk, at=clock.real_now()
    )
    if username:
        messages.success(request, _("工号 %(number)s 现在可以再试。") % {"number": username})
    return redirect("identity:lockouts")
