"""Move, disable, end, let back in: one form each, on the account's own address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.identity.duties import carried_by
from bss.identity.services import recovery, staff_leaving, staff_moving, staff_roles, sub_accounts
from bss.identity.stepup import recently_proved
from bss.identity.views import staff_forms
from bss.identity.views.staff_page import found_staff
from bss.identity.views.staff_role_table import roles_apart
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, Staff
from bss.kernel.pages.render import render_refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TEMPLATE = "identity/staff_act.html"
Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that can be done: how it is asked, what it does, what is said then."""

    form: type[Any]
    perform: Callable[..., object]
    title: "StrOrPromise"
    lead: "StrOrPromise"
    button: "StrOrPromise"
    icon: str
    done: "StrOrPromise"
    hands_over: bool = False


def _move(given: Given, **by: Any) -> object:
    successor = given["successor"]
    return staff_moving.move(
        organisation_id=given["organisation"].pk,
        role_codes=given["roles"],
        successor_id=successor.pk if successor else None,
        reason=given["reason"],
        **by,
    )


def _roles(given: Given, **by: Any) -> object:
    return staff_roles.set_roles(role_codes=given["roles"], reason=given["reason"], **by)


def _disable(given: Given, **by: Any) -> object:
    return staff_leaving.disable(reason=given["reason"], **by)


def _leave(given: Given, **by: Any) -> object:
    successor = given["successor"]
    return staff_leaving.leave(
        successor_id=successor.pk if successor else None, reason=given["reason"], **by
    )


def _recover(given: Given, **by: Any) -> object:
    return recovery.ask_recovery(
        lost_second_factor=given["lost_second_factor"], reason=given["reason"], **by
    )


def _open_sub_account(given: Given, **by: Any) -> object:
    return sub_accounts.open_sub_account(
        system_id=given["system"].pk,
        account_name=given["account_name"],
        reason=given["reason"],
        **by,
    )


MOVE = Act(
    form=staff_forms.MoveForm,
    perform=_move,
    title=gettext_lazy("调动"),
    lead=gettext_lazy("原有角色、从帐号和令牌立即收回，名下客户和案件移交接手人。"),
    button=gettext_lazy("办理调动"),
    icon="right",
    done=gettext_lazy("已办理调动。"),
    hands_over=True,
)
ROLES = Act(
    form=staff_forms.RolesForm,
    perform=_roles,
    title=gettext_lazy("角色"),
    lead=gettext_lazy("取消勾选的立即收回；新勾选的由另一位有权限的同事批准后生效。"),
    button=gettext_lazy("提交"),
    icon="check",
    done=gettext_lazy("已收回取消勾选的角色。"),
)
DISABLE = Act(
    form=staff_forms.DisableForm,
    perform=_disable,
    title=gettext_lazy("停用"),
    lead=gettext_lazy(
        "立即退出全部会话、令牌失效、从帐号暂停；角色和名下客户保留，恢复须两人办理。"
    ),
    button=gettext_lazy("立即停用"),
    icon="stop",
    done=gettext_lazy("帐号已停用。"),
)
LEAVE = Act(
    form=staff_forms.LeaveForm,
    perform=_leave,
    title=gettext_lazy("离职"),
    lead=gettext_lazy("立即停用并收回一切；记录保留，工号不再发放给他人。此操作不能撤销。"),
    button=gettext_lazy("办理离职"),
    icon="leave",
    done=gettext_lazy("已办理离职。"),
    hands_over=True,
)
RECOVER = Act(
    form=staff_forms.RecoverForm,
    perform=_recover,
    title=gettext_lazy("恢复帐号"),
    lead=gettext_lazy(
        "本人忘记密码、丢失第二因子，或帐号停用后要恢复时使用。"
        "须当面核实身份；另一位同事批准后，由您发放一次性密码。"
    ),
    button=gettext_lazy("申请恢复"),
    icon="key",
    done=gettext_lazy("已恢复。"),
)
SUB_ACCOUNT = Act(
    form=staff_forms.SubAccountForm,
    perform=_open_sub_account,
    title=gettext_lazy("开立从帐号"),
    lead=gettext_lazy("随主帐号停用、调动、离职一起暂停或关闭。"),
    button=gettext_lazy("开立"),
    icon="plus",
    done=gettext_lazy("已开立从帐号。"),
)


def _act(request: HttpRequest, number: str, act: Act) -> HttpResponse:
    staff = found_staff(request, number)
    form = act.form(request.POST or None, viewer=request.user, staff=staff)
    context = _context(act, staff, form)
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        done = act.perform(
            form.cleaned_data, staff_id=staff.pk, by_id=request.user.pk, at=clock.now()
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    asked = isinstance(done, Approval)
    said = _("已提交，等待另一位同事审批。") if asked else act.done
    messages.success(request, said)
    return redirect("identity:staff_member", number=number)


def _context(act: Act, staff: Staff, form: Any) -> dict[str, Any]:
    return {
        "act": act,
        "staff": staff,
        "form": form,
        "carried": carried_by(staff.pk) if act.hands_over else [],
        "apart": roles_apart() if "roles" in form.fields else (),
        "crumbs": [
            (_("工号"), reverse("identity:staff")),
            (staff.username, reverse("identity:staff_member", args=[staff.username])),
            (act.title, ""),
        ],
    }


@requires("staff.manage")
@recently_proved
def staff_move(request: HttpRequest, number: str) -> HttpResponse:
    """调动."""
    return _act(request, number, MOVE)


@requires("role.grant")
@recently_proved
def staff_roles_page(request: HttpRequest, number: str) -> HttpResponse:
    """给予与收回角色."""
    return _act(request, number, ROLES)


@requires("staff.manage")
@recently_proved
def staff_disable(request: HttpRequest, number: str) -> HttpResponse:
    """停用."""
    return _act(request, number, DISABLE)


@requires("staff.manage")
@recently_proved
def staff_leave(request: HttpRequest, number: str) -> HttpResponse:
    """离职."""
    return _act(request, number, LEAVE)


@requires("staff.manage")
@recently_proved
def staff_recover(request: HttpRequest, number: str) -> HttpResponse:
    """恢复: asked of a second person."""
    return _act(request, number, RECOVER)


@requires("staff.manage")
@recently_proved
def sub_account_open(request: HttpRequest, number: str) -> HttpResponse:
    """开立从帐号."""
    return _act(request, number, SUB_ACCOUNT)
