import pytest

from bss.kernel.redaction import redacted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("证件 110105198806054024 已核对", "证件 1101**********4024 已核对"),
        ("证件11010519880605402X。", "证件1101**********402X。"),
        ("licence 91110105MA01C2XK3E ok", "licence 9111**********XK3E ok"),
        ("机构代码 12345678-9", "机构代码 1234**78-9"),
        ("passport E12345678", "passport E123*5678"),
        ("电话13812345678,转", "电话138****5678,转"),
        ("010-62345678 或 01062345678", "010*****5678 或 010****5678"),
        ("家住北京市朝阳区示例路 8 号 2 单元", "家住北京市朝****"),
        ('{"q": "13812345678"}', '{"q": "138****5678"}'),
        ("?q=110105198806054024&page=2", "?q=1101**********4024&page=2"),
    ],
)
def test_what_looks_personal_is_masked(text, said):
    assert redacted(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "order O2026110400012 accepted at 2026-11-04 10:00:00",
        "k1.6f1c0c58a7e04f0b9a1e6e1b7f0c2d3e.AAAA",
        "amount_fen=1234567890123, id 20261104",
        "北京晨光商贸有限公司 的套餐已开通",
        "customer:42 shard 7/16 took 12.5 s",
    ],
)
def test_what_is_not_personal_stays(text):
    assert redacted(text) == text
