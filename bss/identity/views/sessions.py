"""登录会话: one's own to everybody; everyone's to the security officer."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bss.identity.at_work import AT_WORK
from bss.identity.models import WorkSession
from bss.identity.queries.work_sessions import running, running_of
from bss.identity.services import work_sessions
from bss.identity.stepup import recently_proved
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.callers import address_of
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.said import said
from bss.kernel.scope import in_place

COLUMNS = (
    Column(
        name="staff",
        label=_("工号"),
        order_by=("staff__username",),
        value=lambda s: s.staff.username,
    ),
    Column(
        name="name",
        label=_("姓名"),
        order_by=("staff__display_name",),
        value=lambda s: s.staff.display_name,
    ),
    Column(
        name="organisation",
        label=_("组织机构"),
        order_by=("staff__organisation__code",),
        value=lambda s: s.staff.organisation,
    ),
    Column(name="address", label=_("地址"), order_by=("address",), value=lambda s: s.address),
    Column(
        name="means",
        label=_("方式"),
        order_by=("means",),
        value=lambda s: said(s.get_means_display()),
    ),
    Column(
        name="started", label=_("登录时间"), order_by=("started_at",), value=lambda s: s.started_at
    ),
    Column(name="seen", label=_("最近操作"), order_by=("seen_at",), value=lambda s: s.seen_at),
    Column(name="end", label=_("操作")),
)


class SessionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="named", label=_("工号、姓名或地址"))
    means = django_filters.ChoiceFilter(
        choices=WorkSession.Means.choices, label=_("方式"), empty_label=_("全部")
    )

    class Meta:
        model = WorkSession
        fields = ("q", "means")

    def named(self, rows: QuerySet[WorkSession], name: str, value: str) -> Any:
        return rows.filter(
            Q(staff__username__icontains=value)
            | Q(staff__display_name__icontains=value)
            | Q(address__startswith=value)
        )


def _reached(request: HttpRequest) -> QuerySet[WorkSession]:
    reached = in_place(request.user, organisation="staff__organisation")
    return running(at=clock.real_now()).filter(reached)


@requires("session.end")
def session_list(request: HttpRequest) -> HttpResponse:
    """登录会话: everybody within reach who is signed in now."""
    form = SessionFilter(request.GET, queryset=_reached(request))
    form.form.is_filter = True
    here = request.session.get(AT_WORK, {}).get("id")
    page = ListPage(request, form.qs, columns=COLUMNS, sort="-seen", form=form.form)
    return page.exported("登录会话") or render(
        request, "identity/session_list.html", {"list": page, "here": here}
    )


@requires("session.end")
@recently_proved
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End someone's session: the next thing they do leads to the sign-in, and says why."""
    session = get_object_or_404(_reached(request), pk=session_id)
    work_sessions.end(
        [session.pk],
        why="by_officer",
        at=clock.real_now(),
        address=address_of(request),
        ended_by_id=request.user.pk,
    )
    messages.success(request, _("已结束 %(staff)s 的登录。") % {"staff": session.staff})
    return redirect("identity:sessions")


@require_POST
def end_own_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions, at another place."""
    get_object_or_404(WorkSession, pk=session_id, staff=request.user.pk)
    mine = running_of(request.user, at=clock.real_now()).filter(pk=session_id)
    ended = work_sessions.end(
        mine.values_list("pk", flat=True),
        why="closed",
        at=clock.real_now(),
        address=address_of(request),
        ended_by_id=request.user.pk,
    )
    messages.success(request, ngettext("已结束 %d 处登录。", "已结束 %d 处登录。", ended) % ended)
    return redirect("mfa_index")
