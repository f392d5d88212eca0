"""入职, and the one moment at which a one-time password can be read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bss.identity.models import Recovery, SubAccount
from bss.identity.services import recovery
from bss.identity.services.staff_entry import hire
from bss.identity.services.sub_accounts import close_sub_account
from bss.identity.stepup import recently_proved
from bss.identity.views.staff_forms import HireForm
from bss.identity.views.staff_page import TEMPLATE as STAFF_PAGE
from bss.identity.views.staff_page import found_staff, page_context, signed_in
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff
from bss.kernel.pages.render import render_refused

TEMPLATE = "identity/staff_hire.html"
SHOWN_ONCE = "identity/staff_password.html"


@requires("staff.manage")
@recently_proved
@never_cache
def staff_hire(request: HttpRequest) -> HttpResponse:
    """The form; posting it opens the account and shows its one-time password."""
    form = HireForm(request.POST or None, viewer=request.user)
    context = {
        "form": form,
        "crumbs": [(_("工号"), reverse("identity:staff")), (_("入职"), "")],
    }
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    given = form.cleaned_data
    try:
        hired = hire(
            number=given["number"],
            name=given["name"],
            phone=given["phone"],
            organisation_id=given["organisation"].pk,
            role_codes=given["roles"],
            reason=given["reason"],
            by_id=signed_in(request),
            at=clock.now(),
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    return _shown_once(
        request, hired.staff, hired.one_time_password, asked=hired.approval is not None
    )


@require_POST
@requires("staff.manage")
@recently_proved
@never_cache
def hand_over(request: HttpRequest, number: str, recovery_id: int) -> HttpResponse:
    """Hand the way back in over: the one-time password, shown to the one who asked."""
    staff = found_staff(request, number)
    found = get_object_or_404(Recovery, pk=recovery_id, staff=staff)
    try:
        handed = recovery.hand_over(recovery_id=found.pk, by_id=signed_in(request), at=clock.now())
    except BadInputError as refused:
        return _refused(request, staff, refused)
    return _shown_once(request, handed.staff, handed.one_time_password)


@require_POST
@requires("staff.manage")
@recently_proved
def sub_account_close(request: HttpRequest, number: str, account_id: int) -> HttpResponse:
    """Close one sub-account; the page again."""
    staff = found_staff(request, number)
    account = get_object_or_404(SubAccount, pk=account_id, staff=staff)
    try:
        close_sub_account(
            sub_account_id=account.pk,
            reason=request.POST.get("reason", ""),
            by_id=signed_in(request),
            at=clock.now(),
        )
    except BadInputError as refused:
        return _refused(request, staff, refused)
    messages.success(request, _("已关闭从帐号。"))
    return redirect("identity:staff_member", number=number)


def _refused(request: HttpRequest, staff: Any, refused: BadInputError) -> HttpResponse:
    return render_refused(request, STAFF_PAGE, page_context(request, staff), refused=refused)


def _shown_once(
    request: HttpRequest, staff: Staff, password: str, *, asked: bool = False
) -> HttpResponse:
    context = {
        "staff": staff,
        "password": password,
        "asked": asked,
        "crumbs": [
            (_("工号"), reverse("identity:staff")),
            (staff.username, reverse("identity:staff_member", args=[staff.username])),
            (_("一次性密码"), ""),
        ],
    }
    return render(request, SHOWN_ONCE, context)
