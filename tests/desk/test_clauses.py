import re
from pathlib import Path

from django.conf import settings
from django.utils import translation

from bss.desk.clauses import clause, parse, sections

ROOT = Path(settings.BASE_DIR)
CITED = re.compile(r"[\"'](GEN|ELG|PAR|EFF|CHG|CAN|ACC|RAT|BIL|PAY|CRD|CARE)-(\d+)[\"']")


def test_every_rule_that_code_cites_has_its_clause():
    known = {c.rule for section in sections() for c in section.clauses}
    cited = {
        f"{area}-{number}"
        for room in (
            "bss",
            "customers",
            "channels",
            "packages_wo",
            "billing",
            "orders",
            "complaints",
        )
        for path in (ROOT / room).rglob("*.py")
        for area, number in CITED.findall(path.read_text(encoding="utf-8"))
    }
    assert cited
    assert cited - known == set()


def test_the_book_is_whole():
    assert [len(section.clauses) for section in sections()] == [5, 11, 15, 6, 16, 9, 18, 21, 3]


def test_a_clause_is_read_in_the_language_in_force():
    rate = clause("RAT-3")
    assert rate.text == "月末剩余作废，不结转。"
    with translation.override("en"):
        assert rate.text == "What is left at month end is void; nothing is carried over."


def test_markup_of_a_clause_is_escaped():
    (section,) = parse("## 甲 / A\n| GEN-1 | `a<b` 与**粗** | x | DEC |")
    assert section.clauses[0].html == "<code>a&lt;b</code> 与<b>粗</b>"
