"""Printed documents: a template of ``templates/papers/`` as a PDF with its fonts inside.

Fonts and stylesheet are read once per process. WeasyPrint needs pango (and, to be fast, Debian's
libharfbuzz-subset0: without it a page takes fifty times as long).
"""

import atexit
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localtime

MISSING_PANGO = (
    "这台机器没有 pango,不能生成 PDF。请让管理员安装 "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0。"
)
MISSING_FONTS = "没有找到文书字体，不能生成 PDF。请先运行 make setup。"
_WATERMARK_LINES = range(-100, 1000, 110)


class PapersUnavailable(Exception):  # noqa: N818 — it says a state of the machine, not a fault
    """No document can be made here; its text is the sentence to show."""


def render_pdf(
    template: str, context: Mapping[str, Any], *, watermark: str = "", language: str = "zh-hans"
) -> bytes:
    """The document as PDF; ``watermark`` (who prints, when) goes behind papers that are personal.

    Raises: PapersUnavailable, when pango or the fonts are missing.
    """
    html_class, stylesheet, fonts, fetcher = _press()
    with translation.override(language):
        text = render_to_string(
            template,
            {**context, "watermark": watermark, "watermark_lines": _WATERMARK_LINES},
        )
    page = html_class(string=text, base_url=str(_static()), url_fetcher=fetcher)
    pdf: bytes = page.write_pdf(stylesheets=[stylesheet], font_config=fonts)
    return pdf


def mark_of(staff: Any, at: datetime) -> str:
    """The watermark of whoever prints: name, staff number and moment."""
    return f"{staff} {staff.username} {localtime(at):%Y-%m-%d %H:%M}"


@cache
def _press() -> tuple[Any, Any, Any, Any]:
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:  # the library is a wheel; pango itself is the machine's
        raise PapersUnavailable(MISSING_PANGO) from error
    if not (_static() / "vendor" / "fonts" / "NotoSansSC-Regular.ttf").exists():
        raise PapersUnavailable(MISSING_FONTS)
    fonts = FontConfiguration()
    stylesheet = CSS(filename=str(_static() / "css" / "papers.css"), font_config=fonts)
    return HTML, stylesheet, fonts, _own_files_only()


# The font configuration must go before the interpreter takes pango's bindings apart.
atexit.register(_press.cache_clear)


def _own_files_only() -> Any:
    """A fetcher that never reaches for the network or for another part of the disk."""
    from weasyprint.urls import URLFetcher

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith((_static().as_uri(), "data:")):
                raise ValueError(f"a document may not load {url}")
            return super().fetch(url, headers)

    return OwnFiles()


def _static() -> Path:
    return Path(settings.BASE_DIR) / "static"
