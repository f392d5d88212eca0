"""Codes of the catalogue in words."""

from datetime import date

import pytest
from django.utils import translation

from packages_wo.queries.names import offering_names, plan_names
from tests.builders.orders import the_catalogue

OCTOBER = date(2026, 10, 1)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("FIXED-STD", "固定电话 25 元", "Fixed line 25 yuan"),
        ("M2G-STD", "2G 标准 50 元", "2G standard 50 yuan"),
        ("M2G-BLOCK", "2G 模块 36 元", "2G modular 36 yuan"),
        ("M2G-PROMO", "2G 优惠 18 元", "2G discount 18 yuan"),
        ("ADSL-2M", "宽带 2 Mbps 120 元", "Broadband 2 Mbps 120 yuan"),
        ("3G-96", "3G 96 元", "3G 96 yuan"),
        ("basic-A-106", "沃·商务基础版 A 106", "Wo Business Basic A 106"),
        ("enhanced", "沃·商务增强版", "Wo Business Plus"),
        ("GONE-1", "GONE-1", "GONE-1"),
        ("", "", ""),
    ],
)
def test_a_plan_is_called_by_what_tells_it_from_the_others(code, chinese, english):
    the_catalogue()
    assert plan_names(OCTOBER)(code) == chinese
    with translation.override("en"):
        assert plan_names(OCTOBER)(code) == english


def test_without_a_catalogue_codes_are_their_own_names():
    assert plan_names(OCTOBER)("M2G-STD") == "M2G-STD"
    assert offering_names(OCTOBER) == {}
