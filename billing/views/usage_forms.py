"""The forms about usage files, their gaps and their rejects."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import UsageFile, UsageGap, UsageReject
from billing.queries.usage_gaps import switches
from billing.rules.usage_correction import FIELD_WORDS
from billing.views.forms import translated
from bss.kernel.pages.forms import SentenceForm

LONGEST_VALUE = 60


def _search(placeholder: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "search", "placeholder": placeholder})
    return forms.CharField(label=_("查找"), required=False, widget=widget)


def _day() -> forms.DateField:
    return forms.DateField(
        label=_("装载日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class _BySwitch(forms.Form):
    """A filter with the switches of which files have come."""

    is_filter = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(name, name) for name in switches()]
        self.fields["switch"].choices = [("", _("全部交换机")), *chosen]  # type: ignore[attr-defined]


class RejectFilterForm(_BySwitch):
    """What the rejects are filtered by; what it shows is what is judged again."""

    q = _search(_("号码、话单号、原文"))
    reason = forms.ChoiceField(
        label=_("原因"),
        required=False,
        choices=[("", _("全部原因")), *translated(UsageReject.Reason.choices)],
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *translated(UsageReject.State.choices)],
    )
    switch = forms.ChoiceField(label=_("交换机"), required=False)
    file = forms.ModelChoiceField(
        label=_("文件"),
        required=False,
        queryset=UsageFile.objects.filter(rejected__gt=0),
        empty_label=_("全部文件"),
    )
    day = _day()


class FileFilterForm(_BySwitch):
    """What the usage files are filtered by."""

    q = _search(_("文件名、序号"))
    switch = forms.ChoiceField(label=_("交换机"), required=False)
    day = _day()
    rejects = forms.BooleanField(label=_("有待处理错单"), required=False)


class GapFilterForm(_BySwitch):
    """What the missing file numbers are filtered by."""

    q = _search(_("交换机、序号、说明"))
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *translated(UsageGap.State.choices)],
    )
    switch = forms.ChoiceField(label=_("交换机"), required=False)


class ExcuseForm(SentenceForm):
    """Why a file never comes."""

    reason = forms.CharField(
        label=_("说明"),
        max_length=200,
        help_text=_("例如：交换机割接时跳号，已与网络部核对。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CorrectForm(SentenceForm):
    """What of a rejected line is put right, and why; what is left empty stays as it is."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        help_text=_("依据什么更正，例如交换侧的工单号。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        for name in names:
            self.fields[name] = forms.CharField(
                label=_(FIELD_WORDS[name]),
                required=False,
                max_length=LONGEST_VALUE,
                widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
            )

    @property
    def values(self) -> dict[str, str]:
        """Field → what it shall be; those that were filled in alone."""
        given = ((name, self.cleaned_data.get(name, "").strip()) for name in self.names)
        return {name: value for name, value in given if value}
