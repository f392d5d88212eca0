"""Printed documents. Template and fonts are those of the product."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from pypdf import PdfReader

from bss.kernel import papers

SOURCE = """{% extends "papers/base.html" %}
{% block reference %}SO-1{% endblock %}
{% block content %}<h1>业务受理单</h1>
{% for n in rows %}<p>第 {{ n }} 行</p>{% endfor %}{% endblock %}"""

needs_fonts = pytest.mark.skipif(
    not (Path(settings.BASE_DIR) / "static/vendor/fonts/NotoSansSC-Regular.ttf").exists(),
    reason="the set-up has not put the fonts in place (make setup)",
)


@pytest.fixture
def paper(monkeypatch):
    template = engines["django"].from_string(SOURCE)
    monkeypatch.setattr(papers, "render_to_string", lambda name, context: template.render(context))


@needs_fonts
def test_a_document_has_its_text_its_pages_and_its_fonts_inside(paper):
    reader = PdfReader(BytesIO(papers.render_pdf("any", {"rows": range(1, 91)})))
    assert len(reader.pages) == 3
    first = reader.pages[0].extract_text()
    assert "业务受理单" in first
    assert "SO-1" in first
    assert "1 / 3" in first
    assert "第 90 行" in reader.pages[2].extract_text()
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        assert "Papers" in inner["/BaseFont"]
        assert "/FontFile2" in inner["/FontDescriptor"]


@needs_fonts
def test_personal_papers_carry_who_printed_them(paper):
    page = PdfReader(BytesIO(papers.render_pdf("any", {}, watermark="营业员甲"))).pages[0]
    assert "营业员甲" in page.extract_text()


def test_without_fonts_the_answer_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(papers, "_static", lambda: tmp_path)
    papers._press.cache_clear()
    with pytest.raises(papers.PapersUnavailable, match="make setup"):
        papers.render_pdf("papers/base.html", {})
    papers._press.cache_clear()


def test_a_document_reaches_for_nothing_but_our_own_files():
    for url in ("http://127.0.0.1/x.png", "file:///etc/hostname"):
        with pytest.raises(ValueError, match="may not load"):
            papers._own_files_only().fetch(url)
