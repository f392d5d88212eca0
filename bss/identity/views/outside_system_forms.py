"""The forms of outside systems, and what each of them does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.identity.models import OutsideSystem
from bss.identity.services import outside_systems
from bss.identity.views.staff_forms import role_choices
from bss.kernel.pages.forms import SentenceForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WHY = _("例如系统上线或下线的通知编号，写入审计记录。")


class SystemFilterForm(forms.Form):
    """What the list is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("名称、编号")}),
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("active", _("在用")), ("retired", _("停用"))],
    )


class ReasonForm(SentenceForm):
    """Why a system is retired or taken up again."""

    reason = forms.CharField(label=_("原因"), max_length=200, help_text=WHY)


class ChangeForm(ReasonForm):
    """What a system is called, and with which roles an account in it comes."""

    name = forms.CharField(label=_("名称"), max_length=40)
    roles = forms.MultipleChoiceField(
        label=_("随角色开立"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("有这些角色的在岗工号立即开立从帐号，没有的关闭；都不选时由人工逐个开立。"),
    )
    field_order: tuple[str, ...] = ("name", "roles", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["roles"]
        field.choices = role_choices()


class RegisterForm(ChangeForm):
    """登记外部系统."""

    code = forms.CharField(
        label=_("系统编号"), max_length=20, help_text=_("大写字母开头，登记后不再更改。")
    )
    field_order = ("code", "name", "roles", "reason")


Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that can be done with a system, while it is in use or while it is retired."""

    label: "StrOrPromise"
    lead: "StrOrPromise"
    form: type[Any]
    perform: Callable[..., object]
    when_active: bool = True


def _change(given: Given, **by: Any) -> object:
    return outside_systems.change_system(
        name=given["name"], role_codes=given["roles"], reason=given["reason"], **by
    )


def _retire(given: Given, **by: Any) -> object:
    return outside_systems.retire_system(reason=given["reason"], **by)


def _reopen(given: Given, **by: Any) -> object:
    return outside_systems.reopen_system(reason=given["reason"], **by)


ACTS: Mapping[str, Act] = {
    "change": Act(label=_("变更"), lead="", form=ChangeForm, perform=_change),
    "retire": Act(
        label=_("停用"),
        lead=_("其中全部从帐号立即关闭；记录保留。"),
        form=ReasonForm,
        perform=_retire,
    ),
    "reopen": Act(
        label=_("恢复"),
        lead=_("随角色开立的从帐号重新开立，其余须人工开立。"),
        form=ReasonForm,
        perform=_reopen,
        when_active=False,
    ),
}


def initial_of(system: OutsideSystem) -> dict[str, Any]:
    """The system's present terms, as the form shows them."""
    return {"name": system.name, "roles": system.role_codes}
