"""The forms of security cases and of what the rules watch for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel.models import Staff
from bss.kernel.pages.forms import SentenceForm
from bss.oversight.models import RelativeNumber, SecurityCase
from bss.oversight.rules.prewarning import Rule
from bss.oversight.services.prewarning import RULE_WORDS
from bss.oversight.services.security_cases import NO_TEXT


def rule_choices() -> list[tuple[str, str]]:
    return [(rule.value, _(RULE_WORDS[rule])) for rule in Rule]


class SecurityCaseFilterForm(forms.Form):
    """What the list is filtered by; it lives in the URL."""

    is_filter = True

    view = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("工号、姓名")}),
    )
    rule = forms.ChoiceField(label=gettext_lazy("预警规则"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", _("全部规则")), *rule_choices()]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("全部状态")), *SecurityCase.State.choices]  # type: ignore[attr-defined]


class StepForm(SentenceForm):
    """What was found."""

    text = forms.CharField(
        label=gettext_lazy("核查情况"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy(NO_TEXT)},
    )


class ReviewForm(SentenceForm):
    """Who looks into it."""

    assignee: "forms.ModelChoiceField[Staff]" = forms.ModelChoiceField(
        label=gettext_lazy("核查人"), queryset=None, empty_label=gettext_lazy("请选择核查人")
    )
    text = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, handlers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = handlers  # type: ignore[attr-defined]


class LimitsForm(SentenceForm):
    """One rule's limits from now on."""

    active = forms.BooleanField(label=gettext_lazy("启用这条规则"), required=False)
    threshold = forms.IntegerField(
        label=gettext_lazy("达到多少次预警"), min_value=1, max_value=10000
    )
    window_minutes = forms.IntegerField(
        label=gettext_lazy("在多长时间内"), min_value=1, max_value=1440
    )
    from_time = forms.TimeField(
        label=gettext_lazy("时段起"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    until_time = forms.TimeField(
        label=gettext_lazy("时段止"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    reason = forms.CharField(label=gettext_lazy("调整原因"), max_length=200)


class RelativeForm(SentenceForm):
    """A number of a colleague's family."""

    staff: "forms.ModelChoiceField[Staff]" = forms.ModelChoiceField(
        label=gettext_lazy("工号"),
        queryset=None,
        to_field_name="username",
        empty_label=gettext_lazy("请选择工号"),
    )
    number = forms.CharField(label=gettext_lazy("号码"), max_length=30)
    relation = forms.ChoiceField(
        label=gettext_lazy("关系"), choices=RelativeNumber.Relation.choices
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = people  # type: ignore[attr-defined]
