"""The forms of billing."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from billing.batch.usage.files import GZIP_MAGIC, ZSTD_MAGIC
from billing.models import Account, BillLine, Ledger, Payment
from billing.rules.cash_count import DESK_MEANS
from bss.kernel.pages.forms import SentenceForm
from customers.models import Service


def translated(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """A model's choices with labels that follow the reader's language."""
    return [(value, _(str(label))) for value, label in choices]


def at_the_desk() -> list[tuple[str, Any]]:
    """The means of payment that a cashier takes."""
    return [one for one in translated(Payment.Means.choices) if one[0] in DESK_MEANS]


class YuanField(forms.DecimalField):
    """An amount in yuan with two digits; cleaned it is fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("min_value", Decimal("0.01"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return None if amount is None else int(amount * 100)


UPLOAD_AT_MOST = 200_000_000
BEGIN = 65_536


class UsageFileForm(SentenceForm):
    """A usage file from the switch."""

    file = forms.FileField(
        label=_("话单文件"), help_text=_("CSV，首行为列名；也可以是 gzip 压缩的。")
    )

    def clean_file(self) -> UploadedFile:
        """What it is, its content says, not its name; the service looks at the columns."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > UPLOAD_AT_MOST:
            size = {"most": UPLOAD_AT_MOST // 1_000_000}
            raise forms.ValidationError(_("文件最大 %(most)s MB，请压缩或分成几个") % size)
        begin = file.read(BEGIN)
        file.seek(0)
        if not begin.startswith((GZIP_MAGIC, ZSTD_MAGIC)) and b"\x00" in begin:
            raise forms.ValidationError(_("这不是 CSV，也不是 gzip 压缩的 CSV，请核对文件"))
        return file


class AccountFilterForm(forms.Form):
    """What the accounts are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("帐户编号、名称、号码")}),
    )
    kind = forms.ChoiceField(
        label=_("类型"),
        required=False,
        choices=[("", _("全部类型")), *translated(Account.Kind.choices)],
    )
    debt = forms.ChoiceField(
        label=_("欠费"),
        required=False,
        choices=[("", _("不限")), ("due", _("有欠费")), ("overdue", _("有逾期欠费"))],
    )


class BillFilterForm(forms.Form):
    """What the bills are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("帐户编号、名称、号码")}),
    )
    month = forms.RegexField(
        label=_("月份"),
        required=False,
        regex=r"^\d{4}-(0[1-9]|1[0-2])$",
        widget=forms.DateInput(attrs={"type": "month"}),
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部状态")),
            ("due", _("有欠缴")),
            ("overdue", _("逾期")),
            ("paid", _("已缴清")),
            ("written_off", _("已核销")),
        ],
    )


class PaymentForm(SentenceForm):
    """Money that came in for an account."""

    amount = YuanField(label=_("金额"))
    means = forms.ChoiceField(label=_("付款方式"), choices=at_the_desk)
    received = YuanField(
        label=_("唱收"), required=False, help_text=_("客户递来的现金；不填即为整好，不找零。")
    )
    reference = forms.CharField(
        label=_("票据号"),
        required=False,
        max_length=60,
        help_text=_("刷卡单号、支票的银行和号码、转帐回单号；现金不填。"),
    )
    ledger = forms.ChoiceField(label=_("存入账本"))

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ledgers = account.ledgers.filter(closed_at__isnull=True).order_by("kind", "id")
        choices = [
            (ledger.name, _("公用账本") if ledger.kind == Ledger.Kind.PUBLIC else ledger.name)
            for ledger in ledgers
        ]
        self.fields["ledger"].choices = choices  # type: ignore[attr-defined]


class SpecialLedgerForm(SentenceForm):
    """A special ledger, what it may pay, and what comes into it."""

    name = forms.CharField(label=_("账本名称"), max_length=60)
    amount = YuanField(label=_("金额"))
    money = forms.ChoiceField(
        label=_("资金"),
        widget=forms.RadioSelect,
        choices=[("cash", _("现金预存")), ("gift", _("赠款"))],
        initial="cash",
    )
    means = forms.ChoiceField(label=_("付款方式"), choices=at_the_desk, required=False)
    reference = forms.CharField(
        label=_("票据号"),
        required=False,
        max_length=60,
        help_text=_("刷卡单号、支票的银行和号码、转帐回单号；现金不填。"),
    )
    months = forms.IntegerField(
        label=_("分月返还(月)"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=_("不填为一次到帐；填 12 则分 12 个月，从下月起每月月初到帐。"),
    )
    expires_on = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    subscriptions = forms.MultipleChoiceField(
        label=_("只付这些用户"), required=False, widget=forms.CheckboxSelectMultiple
    )
    services = forms.MultipleChoiceField(
        label=_("只付这些业务"),
        required=False,
        choices=translated(Service.choices),
        widget=forms.CheckboxSelectMultiple,
    )
    items = forms.MultipleChoiceField(
        label=_("只付这些费用"),
        required=False,
        choices=translated(BillLine.Item.choices),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, subscriptions: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(one.pk), f"{one.number} {_(one.get_service_display())}") for one in subscriptions
        ]
        self.fields["subscriptions"].choices = choices  # type: ignore[attr-defined]
