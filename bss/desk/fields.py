"""What the field part needs to know of a bound form field."""

from typing import Any

from django import forms
from django.forms import BoundField

_CLASSES: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (forms.CheckboxSelectMultiple, "choices", ""),
    (forms.RadioSelect, "choices", ""),
    (forms.CheckboxInput, "check", "check"),
    (forms.Textarea, "plain", "textarea"),
    (forms.Select, "plain", "select"),
)


def control(
    bound: BoundField, *, hint: str = "", prefix: str = "", suffix: str = "", width: str = ""
) -> dict[str, Any]:
    """The field's kind, its drawn control, and the ids that tie hint and errors to it."""
    kind, css = "plain", "input"
    for widget_class, its_kind, its_css in _CLASSES:
        if isinstance(bound.field.widget, widget_class):
            kind, css = its_kind, its_css
            break
    hint = hint or str(bound.help_text)
    described = []
    if hint:
        described.append(f"{bound.auto_id}_hint")
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    given = bound.field.widget.attrs
    classes = [css, str(given.get("class", "")), f"width-{width}" if width else ""]
    attributes: dict[str, Any] = {"class": " ".join(c for c in classes if c)}
    if css == "textarea":
        attributes["rows"] = given["rows"] if given.get("rows") not in (None, "10") else "3"
    if described and kind != "choices":
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "field": bound,
        "kind": kind,
        "control": bound.as_widget(attrs=attributes) if kind != "choices" else "",
        "choices": list(bound) if kind == "choices" else [],
        "described": " ".join(described),
        "hint": hint,
        "prefix": prefix,
        "suffix": suffix,
    }
