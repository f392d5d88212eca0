"""The forms of the tree of organisations, and what each of them does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.identity.queries.organisation_tree import FROM_THE_TOP_DOWN
from bss.identity.queries.staff_seen import visible_organisations
from bss.identity.rules.organisation_levels import PARENTS
from bss.identity.services import organisations
from bss.identity.views.staff_forms import PlaceField
from bss.kernel.models import Organisation
from bss.kernel.pages.forms import SentenceForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LEVELS = [(code, _(str(name))) for code, name in Organisation.Level.choices]


class OrganisationFilterForm(forms.Form):
    """What the tree is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("名称、编号")}),
    )
    level = forms.ChoiceField(
        label=_("层级"), required=False, choices=[("", _("全部层级")), *LEVELS]
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("active", _("在用")), ("closed", _("已撤销"))],
    )


class AddForm(SentenceForm):
    """设立机构."""

    parent = PlaceField(
        label=_("上级机构"),
        queryset=None,
        to_field_name="code",
        empty_label=_("请选择上级机构"),
    )
    level = forms.ChoiceField(label=_("层级"), choices=[("", _("请选择")), *LEVELS[1:]])
    code = forms.CharField(
        label=_("机构编号"), max_length=20, help_text=_("大写字母开头，设立后不再更改。")
    )
    name = forms.CharField(label=_("名称"), max_length=60)
    area = forms.CharField(
        label=_("长途区号"), max_length=4, required=False, help_text=_("不填时与上级相同。")
    )

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = visible_organisations(viewer).filter(active=True).exclude(level="hall")
        self.fields["parent"].queryset = places.order_by(FROM_THE_TOP_DOWN)  # type: ignore[attr-defined]


class RenameForm(SentenceForm):
    """改名."""

    name = forms.CharField(label=_("新名称"), max_length=60)

    def __init__(self, *args: Any, viewer: Any, place: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("name", place.name)


class MoveForm(SentenceForm):
    """迁移."""

    parent = PlaceField(label=_("新的上级机构"), queryset=None, empty_label=_("请选择上级机构"))
    reason = forms.CharField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, viewer: Any, place: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        right = visible_organisations(viewer).filter(active=True, level__in=PARENTS[place.level])
        self.fields["parent"].queryset = (  # type: ignore[attr-defined]
            right.exclude(pk=place.parent_id or 0).order_by(FROM_THE_TOP_DOWN)
        )


class ReasonForm(SentenceForm):
    """撤销、恢复."""

    reason = forms.CharField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, viewer: Any, place: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that can be done with an organisation, while it is open or while it is closed."""

    label: "StrOrPromise"
    form: type[Any]
    perform: Callable[..., object]
    when_active: bool = True


def _rename(given: Given, **by: Any) -> object:
    return organisations.rename_organisation(name=given["name"], **by)


def _move(given: Given, **by: Any) -> object:
    parent, reason = given["parent"], given["reason"]
    return organisations.move_organisation(parent_id=parent.pk, reason=reason, **by)


def _close(given: Given, **by: Any) -> object:
    return organisations.close_organisation(reason=given["reason"], **by)


def _reopen(given: Given, **by: Any) -> object:
    return organisations.reopen_organisation(reason=given["reason"], **by)


ACTS: Mapping[str, Act] = {
    "rename": Act(label=_("改名"), form=RenameForm, perform=_rename),
    "move": Act(label=_("迁到另一上级"), form=MoveForm, perform=_move),
    "close": Act(label=_("撤销"), form=ReasonForm, perform=_close),
    "reopen": Act(label=_("恢复"), form=ReasonForm, perform=_reopen, when_active=False),
}
