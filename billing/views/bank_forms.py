"""The forms of mandates, debit batches, banks' files and unidentified money."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from billing.models import BankFile, DebitBatch, DebitLine, Gateway, UnidentifiedPayment
from billing.queries.unidentified import AGES
from billing.rules.banks import BANKS
from billing.views.forms import YuanField, translated
from bss.kernel.pages.forms import SentenceForm

UPLOAD_AT_MOST = 20_000_000


def bank_choices(empty: Any = None) -> list[tuple[str, Any]]:
    first = [("", empty)] if empty is not None else []
    return [*first, *((bank.code, _(bank.name)) for bank in BANKS.values())]


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _search(placeholder: Any) -> forms.CharField:
    return forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": placeholder}),
    )


class MandateForm(SentenceForm):
    """What is agreed with the holder of a bank account."""

    bank = forms.ChoiceField(label=_("开户银行"), choices=bank_choices)
    number = forms.CharField(
        label=_("银行帐号"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("可以带空格；银行卡号会核对校验位。"),
    )
    holder = forms.CharField(
        label=_("户名"), max_length=80, help_text=_("与银行预留的一致；对公帐户为公司全称。")
    )
    limit = YuanField(label=_("单笔限额"), required=False, help_text=_("不限额请留空。"))
    valid_from = _day(_("生效日"))
    valid_until = _day(_("终止日"), required=False, help_text=_("长期有效请留空；当日起不再扣款。"))
    read_to = forms.BooleanField(
        label=_("已核对证件与印鉴，对公托收已电话核实银行帐户"),
        error_messages={"required": _("请先核对证件与印鉴，对公托收须电话核实。")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = today


class MandateFilterForm(forms.Form):
    """What the mandates are filtered by."""

    is_filter = True

    q = _search(_("协议编号、帐户编号、客户"))
    bank = forms.ChoiceField(
        label=_("银行"), required=False, choices=lambda: bank_choices(_("全部银行"))
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), ("in_force", _("有效")), ("ended", _("已终止"))],
    )


class BatchFilterForm(forms.Form):
    """What the batches are filtered by."""

    is_filter = True

    q = _search(_("批次号"))
    bank = forms.ChoiceField(
        label=_("银行"), required=False, choices=lambda: bank_choices(_("全部银行"))
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *translated(DebitBatch.State.choices)],
    )


class DebitFilterForm(forms.Form):
    """What the lines of a batch are filtered by."""

    is_filter = True

    q = _search(_("帐户编号、客户、银行流水号"))
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *translated(DebitLine.State.choices)],
    )


class BankFileForm(SentenceForm):
    """A file from a bank."""

    file = forms.FileField(
        label=_("银行文件"),
        help_text=_("代扣回盘或对帐单：定长文本、CSV 或 XLSX，GB18030 或 UTF-8。"),
    )

    def clean_file(self) -> UploadedFile:
        """How big it is; what it is, its content says to the service."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > UPLOAD_AT_MOST:
            size = {"most": UPLOAD_AT_MOST // 1_000_000}
            raise forms.ValidationError(_("文件最大 %(most)s MB，更大的请放入收件目录") % size)
        return file


class BankFileFilterForm(forms.Form):
    """What the files are filtered by."""

    is_filter = True

    q = _search(_("文件名、文件序号"))
    bank = forms.ChoiceField(
        label=_("银行"), required=False, choices=lambda: bank_choices(_("全部银行"))
    )
    kind = forms.ChoiceField(
        label=_("类型"),
        required=False,
        choices=[("", _("全部类型")), *translated(BankFile.Kind.choices)],
    )
    faults = forms.ChoiceField(
        label=_("问题行"), required=False, choices=[("", _("不限")), ("some", _("有问题行"))]
    )


class UnidentifiedFilterForm(forms.Form):
    """What unidentified money is filtered by."""

    is_filter = True

    q = _search(_("流水号、订单号、付款人、附言、金额"))
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *translated(UnidentifiedPayment.State.choices)],
    )
    source = forms.ChoiceField(
        label=_("来源"),
        required=False,
        choices=lambda: [*bank_choices(_("全部来源")), *translated(Gateway.choices)],
    )
    age = forms.ChoiceField(
        label=_("挂帐时间"),
        required=False,
        choices=[("", _("不限")), *((age.code, _(age.label)) for age in AGES)],
    )


class AccountSearchForm(forms.Form):
    """Whose account is looked for."""

    is_filter = True

    q = _search(_("帐户编号、客户、号码"))


class IdentifyForm(SentenceForm):
    """Whose money it is, and how one knows."""

    account = forms.CharField(label=_("入帐帐户"), max_length=40)
    reason = forms.CharField(
        label=_("处理依据"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如客户来函、银行回单号。"),
    )


class GiveBackForm(SentenceForm):
    """Why it goes back."""

    reason = forms.CharField(
        label=_("退回依据"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如银行查询书、付款人来函。"),
    )


class MatchDeskForm(SentenceForm):
    """Which money of a desk it is, and how one knows."""

    desk = forms.IntegerField(
        label=_("柜台收款"), error_messages={"required": _("请选择是哪一笔柜台收款。")}
    )
    reason = forms.CharField(
        label=_("处理依据"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如银行回单与柜台票据一致。"),
    )
