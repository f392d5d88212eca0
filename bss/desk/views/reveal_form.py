"""The form that asks why somebody wants to see personal data."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel.errors import BadInputError
from bss.kernel.pages.forms import SentenceForm
from customers.rules.reveal_reasons import REASONS


class RevealForm(SentenceForm):
    """Why: from the list, and in own words."""

    reason = forms.ChoiceField(
        label=gettext_lazy("查看原因"),
        choices=[
            ("", gettext_lazy("请选择")),
            *((key, gettext_lazy(w)) for key, w in REASONS.items()),
        ],
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("例如来电号码后四位、工单号。请不要写证件号码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def take(self, refused: BadInputError) -> None:
        """Show the service's faults at their fields."""
        for field, sentence in refused.faults:
            self.add_error(field or None, _(sentence))
