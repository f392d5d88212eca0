"""The forms of the worklist of duplicates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.kernel.pages.forms import SentenceForm
from customers.models import DuplicatePair
from customers.queries.shown_names import shown_name

STATES = [
    ("", _("待核对")),
    (DuplicatePair.State.DIFFERENT.value, _("不是同一客户")),
    (DuplicatePair.State.MERGED.value, _("已合并")),
    ("all", _("全部状态")),
]
WHYS = [("", _("全部依据")), ("document", _("证件相同")), ("phone", _("电话与名称"))]


class PairFilterForm(forms.Form):
    """What the worklist is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("名称、号码、证件、编号")}
        ),
    )
    why = forms.ChoiceField(label=_("依据"), required=False, choices=WHYS)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)


class MergeForm(SentenceForm):
    """Which of the two stays, and why they are one."""

    survivor = forms.TypedChoiceField(
        label=_("保留哪一位"), coerce=int, choices=(), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("合并原因"),
        min_length=4,
        max_length=200,
        error_messages={"min_length": _("请用至少 4 个字写明原因。")},
        help_text=_("审批人会看到。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, pair: DuplicatePair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survivor"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{shown_name(one)} {one.code}") for one in (pair.first, pair.second)
        ]


class DifferentForm(SentenceForm):
    """Why they are two."""

    note = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("以后不再提示这一对。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
