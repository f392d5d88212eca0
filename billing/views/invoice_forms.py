"""The forms of invoices."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, InvoiceBook
from billing.services.invoices import Part
from billing.views.forms import YuanField, translated
from bss.kernel.pages.forms import SentenceForm

ROWS = 4
WHOLE, AMOUNTS, LINES = "whole", "amounts", "lines"


class InvoiceFilterForm(forms.Form):
    """What the invoices are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("发票号码、帐户、业务号码、购买方")}
        ),
    )
    kind = forms.ChoiceField(
        label=_("类型"),
        required=False,
        choices=[("", _("全部类型")), *translated(Invoice.Kind.choices)],
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部状态")),
            ("issued", _("已开具")),
            ("partly_reversed", _("部分红冲")),
            ("reversed", _("已红冲")),
            ("red", _("红字")),
        ],
    )
    since = forms.DateField(
        label=_("开票日期从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    book = forms.ModelChoiceField(
        label=_("发票簿"),
        required=False,
        queryset=InvoiceBook.objects.all(),
        empty_label=_("全部发票簿"),
    )


class BuyerForm(SentenceForm):
    """Whose invoice it is; empty is the account's holder and its main number."""

    business_number = forms.ChoiceField(label=_("业务号码"), required=False)
    buyer_name = forms.CharField(
        label=_("购买方名称"),
        max_length=100,
        required=False,
        help_text=_("不填为帐户的客户名称。"),
    )
    buyer_tax_number = forms.CharField(
        label=_("购买方纳税人识别号"),
        max_length=20,
        required=False,
        help_text=_("统一社会信用代码，个人可不填。"),
    )

    def __init__(self, *args: Any, numbers: Sequence[str], main: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = [
            (number, _("%(number)s（主号码）") % {"number": number} if number == main else number)
            for number in sorted(numbers, key=lambda number: number != main)
        ]
        self._choose("business_number")

    def _choose(self, name: str) -> None:
        self.fields[name].choices = self.numbers  # type: ignore[attr-defined]

    def clean_buyer_tax_number(self) -> str:
        return str(self.cleaned_data["buyer_tax_number"]).strip().upper()

    def part(self, **what: Any) -> Part:
        said = self.cleaned_data
        return Part(
            **{
                "business_number": said["business_number"],
                "buyer_name": said["buyer_name"],
                "buyer_tax_number": said["buyer_tax_number"],
                **what,
            }
        )


class SplitForm(BuyerForm):
    """A bill on one invoice, on several by amount, or some of its lines on one."""

    how = forms.ChoiceField(
        label=_("怎样开"),
        widget=forms.RadioSelect,
        initial=WHOLE,
        choices=[
            (WHOLE, _("余下的全部开一张")),
            (AMOUNTS, _("按金额拆成几张")),
            (LINES, _("只开选中的费用")),
        ],
    )

    def __init__(self, *args: Any, lines: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line_ids = set(map(str, lines))
        for row in range(1, ROWS + 1):
            self.fields[f"amount_{row}"] = YuanField(
                label=_("第 %(n)s 张金额") % {"n": row},
                required=False,
                widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "data-part": ""}),
            )
            self.fields[f"number_{row}"] = forms.ChoiceField(
                label=_("第 %(n)s 张业务号码") % {"n": row}, required=False
            )
            self._choose(f"number_{row}")

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The fields of each part: amount and number."""
        return [(self[f"amount_{row}"], self[f"number_{row}"]) for row in range(1, ROWS + 1)]

    @property
    def chosen(self) -> set[str]:
        """The ticked lines, as they were sent."""
        return set(self.data.getlist("line")) if self.is_bound else set()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        how = said.get("how")
        if how == AMOUNTS and not any(self._amounts(said)):
            self.add_error("amount_1", _("请至少填写一张发票的金额。"))
        if how == LINES and not self.chosen & self.line_ids:
            self.add_error("how", _("请至少选一项费用。"))
        return said

    def parts(self) -> list[Part]:
        """What was asked for. The form is valid."""
        said = self.cleaned_data
        if said["how"] == LINES:
            ids = sorted(int(line) for line in self.chosen & self.line_ids)
            return [self.part(line_ids=tuple(ids))]
        if said["how"] == AMOUNTS:
            return [
                self.part(amount_fen=fen, business_number=said[f"number_{row}"])
                for row, fen in enumerate(self._amounts(said), start=1)
                if fen
            ]
        return [self.part()]

    @staticmethod
    def _amounts(said: dict[str, Any]) -> list[int | None]:
        return [said.get(f"amount_{row}") for row in range(1, ROWS + 1)]


class PrepaymentForm(BuyerForm):
    """An invoice of money paid before a bill."""

    amount = YuanField(label=_("开票金额"))


class RedForm(SentenceForm):
    """Why an invoice is taken back; which of its lines, none is all."""

    reason = forms.CharField(
        label=_("红冲原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
