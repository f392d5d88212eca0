"""The forms in which the life of a main account is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.identity.duties import carried_by
from bss.identity.models import OutsideSystem
from bss.identity.queries.organisation_tree import FROM_THE_TOP_DOWN
from bss.identity.queries.staff_seen import visible_organisations, visible_staff
from bss.kernel.models import Organisation, Role, Staff
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.said import said

STATES = [("", _("全部状态")), *Staff.State.choices, ("idle", _("闲置提醒"))]


class PlaceField(forms.ModelChoiceField):
    """An organisation, as deep in the list as it is in the tree."""

    def label_from_instance(self, obj: Organisation) -> str:
        depth = obj.path.strip("/").count("/")
        return f"{'　' * depth}{obj.name}"


class PersonField(forms.ModelChoiceField):
    """Somebody, with number and place."""

    def label_from_instance(self, obj: Staff) -> str:
        place = f" · {obj.organisation}" if obj.organisation else ""
        return f"{obj.display_name} {obj.username}{place}"


class StaffFilterForm(forms.Form):
    """What the list is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("工号、姓名")}),
    )
    place = PlaceField(
        label=_("机构"), queryset=None, required=False, empty_label=_("全部机构"),
        to_field_name="code",
    )  # fmt: skip
    role = forms.ChoiceField(label=_("角色"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = _places(viewer)  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("全部角色")), *role_choices()]  # type: ignore[attr-defined]


class _ReasonForm(SentenceForm):
    """Every act upon an account says why. ``staff`` is whose account it is, where there is one."""

    reason = forms.CharField(
        label=_("原因"), max_length=200, help_text=_("例如人事通知编号，写入审计记录。")
    )

    def __init__(self, *args: Any, viewer: Any, staff: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.staff = viewer, staff


class _RolesForm(_ReasonForm):
    roles = forms.MultipleChoiceField(
        label=_("角色"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["roles"]
        field.choices = role_choices()


class _PlaceForm(_RolesForm):
    organisation = PlaceField(label=_("机构"), queryset=None, empty_label=_("请选择机构"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = _places(self.viewer).filter(active=True)


class _SuccessorForm(_ReasonForm):
    """Whose work goes to somebody else; that person is asked for when there is any."""

    successor = PersonField(label=_("接手人"), queryset=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["successor"]
        field.queryset = successors(self.viewer, self.staff)
        field.required = bool(carried_by(self.staff.pk))
        field.empty_label = _("请选择接手人") if field.required else _("名下没有要移交的")


class HireForm(_PlaceForm):
    """入职."""

    number = forms.CharField(
        label=_("工号"), max_length=20, help_text=_("小写字母开头，只含小写字母和数字。")
    )
    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)

    field_order = ("number", "name", "phone", "organisation", "roles", "reason")


class MoveForm(_SuccessorForm, _PlaceForm):
    """调动."""

    field_order = ("organisation", "roles", "successor", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].label = _("调往机构")
        self.fields["roles"].label = _("新岗位的角色")
        self.fields["roles"].help_text = _("原有角色一律收回；这里选的须另一人批准后生效。")


class RolesForm(_RolesForm):
    """角色."""

    field_order = ("roles", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("roles", list(self.staff.roles.values_list("code", flat=True)))


class LeaveForm(_SuccessorForm):
    """离职."""

    field_order = ("successor", "reason")


class DisableForm(_ReasonForm):
    """停用."""


class RecoverForm(_ReasonForm):
    """恢复."""

    lost_second_factor = forms.BooleanField(
        label=_("同时解除全部第二因子（手机、密钥丢失）"), required=False
    )
    field_order = ("lost_second_factor", "reason")


class SubAccountForm(_ReasonForm):
    """开立从帐号."""

    system: "forms.ModelChoiceField[OutsideSystem]" = forms.ModelChoiceField(
        label=_("外部系统"), queryset=None, empty_label=_("请选择系统")
    )
    account_name = forms.CharField(label=_("从帐号"), max_length=60)
    field_order = ("system", "account_name", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["system"]
        field.queryset = OutsideSystem.objects.filter(active=True)
        self.initial.setdefault("account_name", self.staff.username)


def role_choices() -> list[tuple[str, str]]:
    """Every role, in the reader's words."""
    return [(code, said(name)) for code, name in Role.objects.values_list("code", "name")]


def successors(viewer: Any, staff: Staff) -> Any:
    """Who could take over: at work, within reach, somebody else."""
    at_work = visible_staff(viewer).filter(state=Staff.State.ACTIVE).exclude(pk=staff.pk)
    return at_work.select_related("organisation")


def _places(viewer: Any) -> Any:
    return visible_organisations(viewer).order_by(FROM_THE_TOP_DOWN)
