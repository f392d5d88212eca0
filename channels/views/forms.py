from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.kernel.models import Organisation
from bss.kernel.periods import Month
from channels.models import Channel

LEVELS = [(code, _(str(name))) for code, name in Organisation.Level.choices]


class ChannelFilterForm(forms.Form):
    """What the list of channels is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("名称、接口编号")}),
    )
    kind = forms.ChoiceField(
        label=_("类型"), required=False, choices=[("", _("全部类型")), *Channel.Kind.choices]
    )
    level = forms.ChoiceField(
        label=_("层级"),
        required=False,
        choices=[("", _("全部层级")), *LEVELS],
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("active", _("在用")), ("closed", _("停用"))],
    )
    month = forms.CharField(
        label=_("月份"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )

    def clean_month(self) -> Month | None:
        text: str = self.cleaned_data["month"]
        if not text:
            return None
        try:
            return Month.parse(text)
        except ValueError:
            raise forms.ValidationError(_("月份应写成 2026-10 的样子")) from None


class DayForm(forms.Form):
    """The business day that the hall page shows."""

    day = forms.DateField(
        label=_("营业日"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input width-s"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_filter = True
