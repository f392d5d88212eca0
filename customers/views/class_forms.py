"""The forms of customer classes."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bss.kernel.pages.forms import SentenceForm
from customers.models import ClassLevel, CustomerClass, LevelChange

LEVEL_STATES = [
    ("", _("待评定")),
    (LevelChange.State.APPLIED.value, _("已生效")),
    (LevelChange.State.DECLINED.value, _("未采纳")),
    (LevelChange.State.LAPSED.value, _("已失效")),
    ("all", _("全部状态")),
]


def reason_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ClassFilterForm(forms.Form):
    """What the classes are filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("名称或说明")}),
    )
    active = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), ("yes", _("启用")), ("no", _("停用"))],
    )


class ClassForm(SentenceForm):
    """A class: its number is given once, its name and note may change."""

    number = forms.IntegerField(
        label=_("编号"), min_value=1, max_value=999, help_text=_("1 至 999，以后不能改。")
    )
    name = forms.CharField(label=_("名称"), max_length=20)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class ClassChangeForm(SentenceForm):
    """Rename, or switch off; deleting there is none (S84-2)."""

    name = forms.CharField(label=_("名称"), max_length=20)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    active = forms.BooleanField(
        label=_("启用"), required=False, help_text=_("停用后不能再给新客户；已有的客户不变。")
    )


class LevelForm(SentenceForm):
    """The thresholds of a class that is graded."""

    monthly_yuan = forms.DecimalField(
        label=_("月均帐单"), required=False, min_value=0, max_digits=11, decimal_places=2
    )
    monthly_included = forms.BooleanField(label=_("含此金额"), required=False)
    phones = forms.IntegerField(
        label=_("在用话机"), required=False, min_value=0, max_value=1_000_000
    )
    phones_included = forms.BooleanField(label=_("含此数"), required=False)
    automatic = forms.BooleanField(
        label=_("自动评定"),
        required=False,
        help_text=_("每天凌晨按门槛直接生效；不勾选则先列入待评定，由人决定。"),
    )

    @classmethod
    def initial_of(cls, level: ClassLevel) -> dict[str, Any]:
        fen = level.monthly_fen
        return {
            "monthly_yuan": None if fen is None else Decimal(fen).scaleb(-2),
            "monthly_included": level.monthly_included,
            "phones": level.phones,
            "phones_included": level.phones_included,
            "automatic": level.automatic,
        }


class GiveClassForm(SentenceForm):
    """One more class for a customer."""

    customer_class: "forms.ModelChoiceField[CustomerClass]" = forms.ModelChoiceField(
        label=_("类别"), queryset=None, empty_label=_("请选择")
    )
    reason = reason_field(_("依据"))

    def __init__(self, *args: Any, classes: "QuerySet[CustomerClass]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer_class"].queryset = classes  # type: ignore[attr-defined]


class TakeClassForm(SentenceForm):
    """Why a class is taken back."""

    reason = reason_field(_("取消原因"))


class LevelFilterForm(forms.Form):
    """What the level changes are filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("名称、号码、证件、编号")}
        ),
    )
    ladder = forms.ChoiceField(
        label=_("等级序列"),
        required=False,
        choices=[("", _("全部序列")), ("vip", _("VIP 等级")), ("group", _("集团等级"))],
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=LEVEL_STATES)


class DecideLevelForm(SentenceForm):
    """Take it over or not; the button says which."""

    note = reason_field(_("评定意见"))
    take = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
