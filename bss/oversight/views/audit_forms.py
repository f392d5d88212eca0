"""What the audit is searched by."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel.models import AuditEntry
from bss.oversight.rules.audit_words import NOUNS


class AuditFilterForm(forms.Form):
    """Who, what, whom, when, from where; it lives in the URL."""

    is_filter = True

    who = forms.CharField(
        label=gettext_lazy("工号或姓名"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"size": 12}),
    )
    whom = forms.CharField(
        label=gettext_lazy("客户编号或号码"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"size": 14}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    what = forms.ChoiceField(label=gettext_lazy("对象"), required=False)
    address = forms.CharField(
        label=gettext_lazy("地址"),
        required=False,
        max_length=45,
        widget=forms.TextInput(attrs={"size": 12}),
    )
    since = forms.DateField(
        label=gettext_lazy("从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("全部类别")),
            *((value, _(label)) for value, label in AuditEntry.Kind.choices),
        ]
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("", _("全部对象")),
            *((noun, _(word)) for noun, word in NOUNS.items()),
        ]

    def clean_who(self) -> str:
        return str(self.cleaned_data["who"]).strip()

    def clean_whom(self) -> str:
        return str(self.cleaned_data["whom"]).strip()
