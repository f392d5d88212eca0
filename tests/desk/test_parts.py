"""The parts as page authors call them."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from bss.desk.forms import SpecimenForm
from bss.kernel.rulebook import Refusal


def drawn(source: str, **context: object) -> str:
    template = engines["django"].from_string("{% load workbench charts %}" + source)
    return template.render(context, RequestFactory().get("/"))


def test_a_badge_has_its_meaning_its_icon_and_its_word():
    html = drawn('{% badge "order" "completed" %}')
    assert 'class="badge good"' in html
    assert "#done" in html
    assert "已竣工" in html
    with translation.override("en"):
        assert "Completed" in drawn('{% badge "order" "completed" %}')


def test_a_refusal_says_its_sentence_and_leads_to_its_clause():
    refusal = Refusal("ELG-7", "合计 %(sum)s 元低于 A 方案月费。", {"sum": "<186>"})
    html = drawn("{% refusals found %}", found=[refusal])
    assert 'href="/rules#ELG-7"' in html
    assert "合计 &lt;186&gt; 元低于 A 方案月费。" in html
    assert 'role="alert"' in html


def test_no_refusals_show_nothing():
    assert drawn("{% refusals found %}", found=()) == ""


def test_bad_input_is_shown_with_its_place():
    html = drawn("{% refusals found %}", found=[("第 3 行", "少了一个逗号。")])
    assert "第 3 行" in html
    assert "少了一个逗号。" in html


def test_a_faulty_field_is_tied_to_its_hint_and_its_error():
    html = drawn("{% field form.name %}", form=SpecimenForm({"name": ""}))
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_hint"' in html
    assert "请填写客户名称。" in html


def test_the_summary_links_every_fault_to_its_field():
    html = drawn("{% form_errors form %}", form=SpecimenForm({}))
    for name in ("name", "code", "kind", "consent"):
        assert f'href="#id_{name}"' in html
    assert drawn("{% form_errors form %}", form=SpecimenForm()) == ""


def test_a_choice_is_a_group_with_a_legend():
    html = drawn("{% field form.scheme %}", form=SpecimenForm())
    assert "<fieldset" in html
    assert "<legend>方案</legend>" in html
    assert html.count('type="radio"') == 2


@pytest.mark.parametrize(
    ("used", "total", "css", "words"),
    [
        (412, 1000, "gauge good", "剩 588 分钟"),
        (861, 1000, "gauge warning", "剩 139 分钟"),
        (1120, 1000, "gauge bad", "超出 120 分钟"),
        (230, None, "gauge waiting", "已用 230 分钟，不限量"),
    ],
)
def test_a_gauge_says_what_is_left(used, total, css, words):
    html = drawn('{% gauge "共享时长" used total "分钟" %}', used=used, total=total)
    assert css in html
    assert words in html


def test_a_chart_carries_its_table():
    html = drawn('{% bar_chart rows "帐单" "yuan" %}', rows=[("10月", 23050), ("11月", 26875)])
    assert 'role="img" aria-label="帐单"' in html
    assert '<th scope="row">11月</th><td class="num">268.75</td>' in html
    assert " style=" not in html


def test_a_work_graph_carries_its_list():
    orders = [
        {"key": 1, "label": "装机"},
        {"key": 2, "label": "合帐", "after": [1], "rule": "PAR-8"},
    ]
    html = drawn('{% work_graph orders "先后" %}', orders=orders)
    assert html.count('class="edge"') == 1
    assert "在此之后：装机" in html
    assert "/rules#PAR-8" in html


def test_the_request_key_survives_a_refusal():
    request = RequestFactory().post("/", {"request_key": "k-1"})
    template = engines["django"].from_string("{% load workbench %}{% request_key %}")
    assert 'value="k-1"' in template.render({}, request)


def test_what_people_typed_never_becomes_markup():
    html = drawn('{% fact "名" %}{{ name }}{% endfact %}', name="<b>x</b>")
    assert "&lt;b&gt;x&lt;/b&gt;" in html
