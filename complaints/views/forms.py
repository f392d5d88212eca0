"""The forms of the case console."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.kernel.models import Staff
from complaints.models import Case, CaseStep
from complaints.queries.staff import handlers
from complaints.rules.categories import CATEGORIES
from complaints.services.handling import NO_TEXT

VIEW_LABELS = {
    "open": _("未办结"),
    "mine": _("我的案件"),
    "at_risk": _("临近时限"),
    "overdue": _("已超时限"),
    "closed": _("已归档"),
    "all": _("全部"),
}
KIND_LABELS = dict(Case.Kind.choices)


def category_choices(*, limits: bool) -> list[tuple[Any, Any]]:
    """Categories under their kind, with their time limits when one is to be chosen."""
    kinds: dict[str, list[tuple[str, Any]]] = {}
    for category in CATEGORIES:
        label = f"{_(category.name)} · {_(category.limit)}" if limits else _(category.name)
        kinds.setdefault(category.kind, []).append((category.code, label))
    return [(KIND_LABELS[kind], rows) for kind, rows in kinds.items()]


class CaseFilterForm(forms.Form):
    """What the list is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("编号、主题、客户")}),
    )
    view = forms.ChoiceField(label=_("范围"), required=False, choices=list(VIEW_LABELS.items()))
    category = forms.ChoiceField(label=_("类别"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *Case.State.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("", _("全部类别")), *category_choices(limits=False)]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]


class NewCaseForm(forms.Form):
    """A customer's matter as the agent writes it down."""

    category = forms.ChoiceField(label=_("案件类别"))
    hotline = forms.ChoiceField(
        label=_("受理热线"),
        widget=forms.RadioSelect,
        choices=[("10019", _("10019 法人事务")), ("10010", _("10010 个人事务"))],
    )
    subject = forms.CharField(label=_("主题"), max_length=80)
    description = forms.CharField(
        label=_("客户诉求"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    contact_phone = forms.CharField(
        label=_("联系电话"),
        required=False,
        max_length=20,
        help_text=_("与资料中的联系人不同时填写。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("", _("请选择")), *category_choices(limits=True)]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """What was done; ``seen`` is how many steps the person had before them."""

    text = forms.CharField(
        label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class _WordsForm(StepForm):
    """A step that nobody may take without words; what they are about is its label."""

    asks: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = self.asks
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = _(NO_TEXT)


class ReplyForm(_WordsForm):
    asks = _("查明了什么，怎样答复客户")


class CallBackForm(_WordsForm):
    asks = _("客户对答复的意见")


class ReopenForm(_WordsForm):
    asks = _("重开的原因")


class NoteForm(_WordsForm):
    asks = _("备注")


class DispatchForm(StepForm):
    """Who shall work on it."""

    handler: "forms.ModelChoiceField[Staff]" = forms.ModelChoiceField(
        label=_("处理人"), queryset=None, empty_label=_("请选择处理人")
    )
    field_order = ("handler", "text", "seen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = handlers()  # type: ignore[attr-defined]
        self.fields["text"].label = _("派单说明")


class BulkDispatchForm(forms.Form):
    """Several cases to one handler."""

    case = forms.TypedMultipleChoiceField(coerce=int, required=False)
    handler: "forms.ModelChoiceField[Staff]" = forms.ModelChoiceField(
        label=_("派给"), queryset=None, empty_label=_("请选择处理人")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = handlers()  # type: ignore[attr-defined]


STEP_FORMS: dict[str, type[StepForm]] = {
    CaseStep.Action.DISPATCH: DispatchForm,
    CaseStep.Action.REPLY: ReplyForm,
    CaseStep.Action.CALL_BACK: CallBackForm,
    CaseStep.Action.CLOSE: StepForm,
    CaseStep.Action.REOPEN: ReopenForm,
    CaseStep.Action.NOTE: NoteForm,
}
