"""The forms of a customer's personal data page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bss.kernel.pages.forms import SentenceForm

_SHORT = {"min_length": gettext_lazy("请用至少 4 个字写明原因。")}


def _reason(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        min_length=4,
        max_length=200,
        help_text=hint,
        error_messages=_SHORT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SubjectExportForm(SentenceForm):
    """How the customer asked for a copy of their data."""

    prefix = "export"
    reason = _reason(
        gettext_lazy("申请依据"), gettext_lazy("例如：客户本人到厅书面申请，受理单号。")
    )


class HoldForm(SentenceForm):
    """Why the data must be kept, and until when."""

    prefix = "hold"
    reason = _reason(gettext_lazy("保留依据"), gettext_lazy("例如案号、来函编号。"))
    until = forms.DateField(
        label=gettext_lazy("保留至"),
        required=False,
        help_text=gettext_lazy("不填即保留到解除为止。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class EraseForm(SentenceForm):
    """Why the personal data goes; a second person decides."""

    prefix = "erase"
    reason = _reason(gettext_lazy("删除原因"), gettext_lazy("审批人会看到。"))
