"""Forms whose faults are sentences that say what to do, as every page shows them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_CHOSEN = (forms.ChoiceField, forms.ModelChoiceField)
_DEFAULT = forms.Field.default_error_messages["required"]


class SentenceForm(forms.Form):
    """A form that says "请填写客户名称。" where Django says "该字段是必填项。"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == _DEFAULT:
                field.error_messages["required"] = _required(field)


def _required(field: forms.Field) -> Any:
    if isinstance(field, forms.BooleanField):
        return _("请确认“%(label)s”。") % {"label": field.label}
    if isinstance(field, _CHOSEN):
        return _("请选择%(label)s。") % {"label": field.label}
    return _("请填写%(label)s。") % {"label": field.label}
