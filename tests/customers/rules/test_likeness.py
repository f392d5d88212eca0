"""How likely two customers are one."""

import pytest

from customers.rules.likeness import likeness_percent, pair_score
from customers.rules.name_grams import grams


@pytest.mark.parametrize(
    ("first", "second", "percent"),
    [
        ("北京晨光商贸有限公司", "北京晨光商贸有限公司", 100),
        ("北京晨光商贸有限公司", "北京晨光商贸公司", 82),
        ("北京晨光商贸有限公司", "王芳", 0),
        ("王芳", "王 芳", 100),
        ("", "王芳", 0),
    ],
)
def test_names_are_alike_by_their_common_characters_and_pairs(first, second, percent):
    assert likeness_percent(grams(first), grams(second)) == percent


@pytest.mark.parametrize(
    ("same_document", "same_phone", "alike", "score"),
    [
        (True, False, 0, 100),
        (True, True, 100, 100),
        (False, True, 100, 99),
        (False, True, 82, 88),
        (False, True, 50, 69),
        (False, True, 49, 0),
        (False, False, 100, 0),
    ],
)
def test_a_document_says_all_and_a_phone_needs_a_like_name(same_document, same_phone, alike, score):
    assert (
        pair_score(same_document=same_document, same_phone=same_phone, likeness_percent=alike)
        == score
    )
