"""The forms of acts on many customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.kernel.models import Staff
from bss.kernel.pages.forms import SentenceForm


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("申请原因"),
        min_length=4,
        max_length=200,
        error_messages={"min_length": _("请用至少 4 个字写明原因。")},
        help_text=_("审批人会看到。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class UnmaskForm(SentenceForm):
    """Why many customers shall be seen in clear."""

    reason = _reason()


class FromManagerForm(forms.Form):
    """Whose customers; it lives in the URL, beside the filters of the list."""

    account_manager: "forms.ModelChoiceField[Staff]" = forms.ModelChoiceField(
        label=_("现客户经理"), queryset=None, required=False, empty_label=_("不限")
    )

    def __init__(self, *args: Any, managers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account_manager"].queryset = managers  # type: ignore[attr-defined]


class ReassignForm(SentenceForm):
    """To whom."""

    NOBODY = "nobody"

    to = forms.ChoiceField(label=_("新客户经理"))
    reason = _reason()

    def __init__(self, *args: Any, managers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            (self.NOBODY, _("不设客户经理，由所属机构负责")),
            *((str(one.pk), f"{one} {one.username}") for one in managers),
        ]

    def clean_to(self) -> int | None:
        chosen = self.cleaned_data["to"]
        return None if chosen == self.NOBODY else int(chosen)


class BlackListForm(SentenceForm):
    """Whom, and why each."""

    lines = forms.CharField(
        label=_("名单"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10, "class": "mono"}),
        help_text=_("每行一位：客户编号,原因。可从表格中复制粘贴。"),
    )
    reason = _reason()
