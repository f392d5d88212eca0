"""The forms of credit control."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Language, Medium, Message, ReminderStep
from billing.views.forms import YuanField, translated
from bss.kernel.pages.forms import SentenceForm

DEAD = "dead"


def _search(placeholder: Any) -> forms.CharField:
    return forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": placeholder}),
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class ReminderFilterForm(forms.Form):
    """What the reminders are filtered by."""

    is_filter = True

    q = _search(_("帐户编号、客户、号码"))
    step = forms.ModelChoiceField(
        label=_("步骤"),
        required=False,
        queryset=ReminderStep.objects.all(),
        empty_label=_("全部步骤"),
    )
    since = _day(_("起"))
    until = _day(_("止"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].label_from_instance = lambda one: _(one.name)  # type: ignore[attr-defined]


class MessageFilterForm(forms.Form):
    """What the messages are filtered by."""

    is_filter = True

    q = _search(_("帐户编号、客户"))
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部状态")),
            (DEAD, _("要处理（失败与未送达）")),
            *translated(Message.State.choices),
        ],
    )
    medium = forms.ChoiceField(
        label=_("方式"),
        required=False,
        choices=[("", _("全部方式")), *translated(Medium.choices)],
    )


class ExposureFilterForm(forms.Form):
    """What the exposures are filtered by."""

    is_filter = True

    q = _search(_("帐户编号、客户"))
    reached = forms.ChoiceField(
        label=_("占用"),
        required=False,
        choices=[("", _("80% 以上")), ("100", _("已用完")), ("0", _("全部"))],
    )


class EndingFilterForm(forms.Form):
    """What the numbers that were or will be given up are filtered by."""

    is_filter = True

    q = _search(_("客户、号码"))
    stage = forms.ChoiceField(
        label=_("阶段"),
        required=False,
        choices=[
            ("", _("全部阶段")),
            ("soon", _("30 天内预销号")),
            ("stopped", _("欠费停机")),
            ("ended", _("已预销号")),
            ("closable", _("可以销户结案")),
        ],
    )


class RehearsalForm(SentenceForm):
    """Of which day the run is rehearsed."""

    on = forms.DateField(label=_("演练日期"), widget=forms.DateInput(attrs={"type": "date"}))


class LimitForm(SentenceForm):
    """An account's own credit limit, or none any more."""

    limit = YuanField(label=_("信用额度"), required=False)
    to_class = forms.BooleanField(label=_("取消本户额度，按客户类别"), required=False)
    reason = forms.CharField(label=_("原因"), max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("to_class") and not cleaned.get("limit") and not self.errors:
            self.add_error("limit", _("请填写信用额度，或选择取消本户额度。"))
        return cleaned


class ClassLimitForm(SentenceForm):
    """The credit limit of a class."""

    limit = YuanField(label=_("信用额度"))


class NoticeAddressForm(SentenceForm):
    """Where an account is told."""

    mobile = forms.CharField(
        label=_("通知手机"),
        required=False,
        max_length=11,
        help_text=_("不填则不变；从未登记的用客户主联系人的电话。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    email = forms.CharField(
        label=_("通知邮箱"),
        required=False,
        max_length=120,
        help_text=_("不填则不变；登记后，逾期、停机、预销号同时发邮件。"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("通知语言"), choices=translated(Language.choices))
    clear = forms.BooleanField(label=_("清除已登记的手机和邮箱"), required=False)


class StepForm(SentenceForm):
    """When a step is told, how, and whether at all."""

    days = forms.IntegerField(
        label=_("天数"),
        min_value=-60,
        max_value=60,
        help_text=_("负数为基准日之前，正数为之后。"),
    )
    channels = forms.MultipleChoiceField(
        label=_("方式"),
        required=False,
        choices=translated(Medium.choices),
        widget=forms.CheckboxSelectMultiple,
    )
    active = forms.BooleanField(label=_("启用"), required=False)


class WordsForm(SentenceForm):
    """The words of a step in one medium and language."""

    subject = forms.CharField(label=_("主题"), required=False, max_length=80)
    body = forms.CharField(
        label=_("正文"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
