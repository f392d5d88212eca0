"""The forms of the inbox."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel.approval_kinds import kinds
from bss.kernel.models import Approval
from bss.kernel.pages.forms import SentenceForm


class ApprovalFilterForm(forms.Form):
    """What the inbox is filtered by; it lives in the URL."""

    is_filter = True

    view = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("事项"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("全部事项")),
            *((code, _(kind.title)) for code, kind in kinds().items()),
        ]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("全部状态")),
            *((value, _(label)) for value, label in Approval.State.choices),
        ]

    def clean_view(self) -> str:
        view = self.cleaned_data["view"]
        return view if view in ("waiting", "asked", "decided") else ""


class DecisionForm(SentenceForm):
    """Yes or no, and why; a no needs its reason."""

    note = forms.CharField(
        label=gettext_lazy("审批意见"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("驳回时请写明原因，申请人会看到。"),
    )
    answer = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("answer") == "refuse" and not given.get("note", "").strip():
            self.add_error("note", _("请写明驳回的原因，申请人才知道怎样改。"))
        return given
