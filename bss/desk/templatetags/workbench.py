"""The parts pages are written with: ``{% load workbench %}``. See docs/design-system.md."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bss.desk import clauses, formats, menu
from bss.desk.states import look_of
from bss.desk.words import time_left, time_words
from bss.kernel import clock
from bss.kernel.pages.said import said
from bss.kernel.redaction import redacted
from bss.kernel.rulebook import Refusal

register = template.Library()

for _filter in (
    formats.yuan, formats.amount, formats.hao, formats.minutes, formats.volume, formats.speed,
    formats.duration, formats.grouped, formats.on_its_side, formats.signed, formats.mask_number,
    formats.mask_name, formats.mask_document, formats.cell, redacted, said,
):  # fmt: skip
    register.filter(_filter.__name__, _filter)

MEANING_ICONS = {"good": "done", "waiting": "wait", "warning": "warning", "bad": "wrong"}
_MESSAGE_MEANINGS = {"success": "good", "warning": "warning", "error": "bad"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing from the sprite; without ``label`` it is decoration."""
    heard = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon" {}><use href="{}#{}"/></svg>', heard, static("icons.svg"), name
    )


@register.simple_tag
def badge(kind: str, state: str, word: str = "") -> SafeString:
    """The state of a thing with its meaning, icon and word: ``{% badge "order" o.state %}``."""
    look = look_of(kind, str(state))
    return _badge(look.meaning, look.icon, word or _(look.word))


@register.simple_tag
def tag(word: str, meaning: str = "", icon_name: str = "") -> SafeString:
    """A badge with a word of one's own: ``{% tag "红名单" "warning" %}``."""
    return _badge(meaning, icon_name or MEANING_ICONS.get(meaning, ""), word)


def _badge(meaning: str, icon_name: str, word: str) -> SafeString:
    drawn = icon(icon_name) if icon_name else ""
    return format_html('<span class="badge {}">{}{}</span>', meaning, drawn, word)


@register.simple_tag
def rule(rule_id: str) -> SafeString:
    """A rule id that leads to its clause and says it on hover."""
    if not rule_id:
        return mark_safe("")
    found = clauses.clause(rule_id)
    return format_html(
        '<a class="rule" href="{}" title="{}">{}</a>',
        clause_url(rule_id),
        found.text if found else "",
        rule_id,
    )


@register.filter
def product(code: str) -> str:
    """A value-added product by its name."""
    from orders.views.names import product_name

    return product_name(code)


@register.filter
def clause_url(rule_id: str) -> str:
    from django.urls import reverse

    return f"{reverse('rules')}#{rule_id}"


@register.simple_block_tag(takes_context=True)
def page_header(context: template.Context, content: str, title: str, lead: str = "") -> SafeString:
    """Crumbs (``crumbs`` in the context: (label, url) pairs), title, lead; content = actions."""
    return _part(
        "page_header", title=title, lead=lead, actions=content, crumbs=context.get("crumbs", ())
    )


@register.simple_block_tag
def card(content: str, title: str = "", link: str = "", link_label: str = "") -> SafeString:
    """A box with a title and, on its right, one link."""
    return _part("card", title=title, link=link, link_label=link_label, content=content)


@register.simple_block_tag(takes_context=True)
def table(
    context: template.Context,
    content: str,
    page: Any,
    caption: str = "",
    empty: str = "",
    empty_hint: str = "",
) -> SafeString:
    """A whole list: toolbar, count, headings that sort, rows (content), pages and exports."""
    return _part(
        "list",
        list=page,
        caption=caption,
        rows=content,
        empty=empty,
        empty_hint=empty_hint,
        empty_actions=context.get("empty_actions", ""),
    )


@register.simple_tag
def field(
    bound: BoundField, hint: str = "", prefix: str = "", suffix: str = "", width: str = ""
) -> SafeString:
    """Label, hint, error and control of one form field, tied together for screen readers."""
    from bss.desk.fields import control

    return _part("field", **control(bound, hint=hint, prefix=prefix, suffix=suffix, width=width))


@register.simple_tag
def form_errors(form: Any) -> SafeString:
    """All faults of a form at its top, each a link to its field."""
    if form is None or not form.is_bound or form.is_valid():
        return mark_safe("")
    fields = [(f.id_for_label or f.auto_id, str(f.label), e) for f in form for e in f.errors]
    return _part("form_errors", faults=fields, general=list(form.non_field_errors()))


@register.simple_tag
def refusals(found: Sequence[Any], title: str = "") -> SafeString:
    """Why not: each refusal's sentence (translated) with its rule and the way to the clause."""
    lines = []
    for one in found or ():
        if isinstance(one, tuple):  # a fault of BadInputError: (place, sentence)
            lines.append({"rule": "", "place": one[0], "text": said(one[1])})
        else:
            lines.append({"rule": one.rule, "text": refusal_text(one)})
    return _part("refusals", lines=lines, title=title) if lines else mark_safe("")


@register.filter
def refusal_text(refusal: Refusal) -> str:
    """A refusal's sentence in the reader's language."""
    text = _(refusal.sentence)
    return text % refusal.facts if refusal.facts else text


@register.simple_block_tag
def note(content: str, meaning: str = "", title: str = "") -> SafeString:
    """A remark inside a page: {% note "warning" "标题" %}…{% endnote %}"""
    return _part(
        "note",
        meaning=meaning,
        title=title,
        content=content,
        icon=MEANING_ICONS.get(meaning, "info"),
    )


@register.simple_block_tag
def empty(content: str, title: str, icon_name: str = "inbox") -> SafeString:
    """Nothing here, and what to do about it."""
    return _part("empty", title=title, icon=icon_name, content=content)


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """One line of ``<dl class="facts">``; an empty one is a dash."""
    return format_html(
        "<div><dt>{}</dt><dd>{}</dd></div>", label, mark_safe(content.strip()) or formats.NOTHING
    )


@register.simple_tag
def gauge(label: str, used: int, total: int | None, unit: str = "", note: str = "") -> SafeString:
    """How much of an allowance is used and left; ``total`` None means unlimited."""
    used, left = int(used or 0), None if total is None else int(total) - int(used or 0)
    share = 0 if not total else 100 * used // int(total)
    meaning = "bad" if share >= 100 else "warning" if share >= 80 else "good"
    return _part(
        "gauge",
        label=label,
        used=used,
        total=total,
        left=left,
        over=-(left or 0),
        unit=unit,
        share=share,
        meaning=meaning,
        note=note,
    )


@register.simple_tag
def progress(label: str, done: int, total: int, note: str = "") -> SafeString:
    """How far a job is."""
    share = 0 if not total else min(100, 100 * int(done) // int(total))
    return _part("progress", label=label, done=done, total=total, share=share, note=note)


@register.simple_tag
def countdown(until: datetime, warn: int = 3600) -> SafeString:
    """How long there is left by the business clock; ``warn`` seconds before it turns to warning."""
    seconds = int(until.timestamp() - clock.now().timestamp())
    meaning = "bad" if seconds < 0 else "warning" if seconds < warn else "waiting"
    return _part("countdown", until=until, words=time_left(seconds), meaning=meaning, warn=warn)


@register.simple_tag
def wizard(steps: Sequence[Any], current: int) -> SafeString:
    """Steps of a business: labels or (label, url) pairs; ``current`` counts from 1."""
    shown = []
    for number, step in enumerate(steps, start=1):
        label, url = (step, "") if isinstance(step, str) else step
        state = "done" if number < current else "now" if number == current else ""
        shown.append({"label": label, "url": url if state == "done" else "", "state": state})
    return _part("wizard", steps=shown)


@register.simple_tag
def life_line(steps: Sequence[Mapping[str, Any]]) -> SafeString:
    """A life across the page: {label, when, state: done|now|, detail}."""
    return _part("life_line", steps=steps)


@register.simple_tag
def timeline(events: Sequence[Any]) -> SafeString:
    """What happened, newest first: {when, title, detail, meaning, icon, url, who, rule}."""
    return _part("timeline", events=events)


@register.simple_tag
def tabs(items: Sequence[Sequence[Any]], current: str, label: str = "") -> SafeString:
    """Links as tabs: (key, label, url[, count])."""
    return _part("tabs", items=items, current=current, label=label)


@register.simple_tag(takes_context=True)
def watermark(context: template.Context) -> SafeString:
    """The viewer's name and the moment over a page with personal data."""
    request = context["request"]
    return _part("watermark", staff=request.user, now=context["now"])


@register.simple_tag(takes_context=True)
def request_key(context: template.Context) -> SafeString:
    """A hidden key that makes a form's effect happen once, also when it is sent twice."""
    request = context.get("request")
    given = request.POST.get("request_key") if request else None
    return format_html('<input type="hidden" name="request_key" value="{}">', given or uuid4())


@register.simple_tag
def meaning_of(level_tag: str) -> str:
    """The meaning of a Django message's level."""
    return _MESSAGE_MEANINGS.get(level_tag, "")


@register.filter
def icon_of(meaning: str) -> str:
    return MEANING_ICONS.get(meaning, "info")


@register.filter
def yesno_is(value: str, other: str) -> str:
    """ "true" or "false", as aria-pressed wants it."""
    return "true" if value == other else "false"


@register.simple_tag
def time_words_json() -> str:
    """The words of countdowns for the browser."""
    return json.dumps(time_words(), ensure_ascii=False)


@register.filter
def menu_groups(links: list[menu.Link]) -> list[tuple[str, list[menu.Link]]]:
    return list(menu.grouped(list(links)))


def _part(name: str, **context: Any) -> SafeString:
    return mark_safe(render_to_string(f"parts/{name}.html", context))
