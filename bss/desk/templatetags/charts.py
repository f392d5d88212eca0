"""Pictures with their tables: ``{% load charts %}``. Figures are whole; the unit names them."""

from collections.abc import Callable, Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bss.desk import formats, graph
from bss.desk.charts import draw
from bss.desk.differences import draw_differences

register = template.Library()

_WRITERS: dict[str, Callable[[int], str]] = {"yuan": formats.amount}


@register.simple_tag
def bar_chart(
    rows: Sequence[Sequence],
    title: str,
    unit: str = "",
    head: str = "",
    *,
    wide: bool = False,
    table: bool = True,
) -> SafeString:
    """Bars for (label, value[, meaning]) rows; the last is the one looked at.

    ``unit="yuan"`` takes fen and writes 元; any other unit is written behind the figures.
    ``table=False`` where a table that says the same, and more, stands right below.
    """
    return _chart("bars", rows, title, unit, head, wide=wide, table_below=not table)


@register.simple_tag
def line_chart(
    rows: Sequence[Sequence],
    title: str,
    unit: str = "",
    head: str = "",
    limit: int | None = None,
    limit_label: str = "",
    *,
    wide: bool = False,
) -> SafeString:
    """A line through (label, value) rows, with a ``limit`` (a pool's size) across it."""
    return _chart("lines", rows, title, unit, head, limit=limit, limit_label=limit_label, wide=wide)


@register.simple_tag
def difference_chart(rows: Sequence[tuple[str, int]], title: str, total: str) -> SafeString:
    """What made a sum larger or smaller: (label, fen) rows and their sum, around one zero line."""
    drawing = draw_differences(list(rows), total)
    context = {
        "drawing": drawing,
        "marks": [(bar, formats.signed(bar.value)) for bar in drawing.bars],
        "title": title,
        "unit": _("元"),
        "head": _("原因"),
    }
    return mark_safe(render_to_string("parts/chart_differences.html", context))


@register.simple_tag
def work_graph(items: Sequence[Any], title: str) -> SafeString:
    """Work orders as a graph, and as a list: see bss.desk.graph.lay_out."""
    context = {
        "layout": graph.lay_out(items),
        "title": title,
        "node_width": graph.NODE_WIDTH,
        "node_height": graph.NODE_HEIGHT,
    }
    return mark_safe(render_to_string("parts/work_graph.html", context))


def _chart(
    kind: str, rows: Sequence[Sequence], title: str, unit: str, head: str, **more: Any
) -> SafeString:
    rows = list(rows)
    write = _WRITERS.get(unit, formats.grouped)
    drawing = draw(rows, limit=more.get("limit"), bars=kind == "bars", wide=more["wide"])
    context = {
        "drawing": drawing,
        "marks": [(mark, write(mark.value)) for mark in drawing.marks],
        "ticks": [(tick, _short(tick.value, write, unit)) for tick in drawing.ticks],
        "title": title,
        "unit": _("元") if unit == "yuan" else unit,
        "head": head or _("月份"),
        "limit_text": "" if more.get("limit") is None else write(more["limit"]),
        **more,
    }
    return mark_safe(render_to_string(f"parts/chart_{kind}.html", context))


def _short(value: int, write: Callable[[int], str], unit: str) -> str:
    """Axis figures need no fen when there are none."""
    return write(value).removesuffix(".00") if unit == "yuan" else write(value)
