"""Every sentence of a refusal has its English."""

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
CHINESE = re.compile("[\u4e00-\u9fff].*。")


def sentences(folder):
    """Whole Chinese sentences in the code of the folder, without docstrings and f-strings."""
    found = set()
    for file in sorted((ROOT / folder).glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        parts = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in node.values
        }
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in parts
            and CHINESE.search(node.value)
        }
    return found


def translated(part):
    with (ROOT / "locale" / "en" / "parts" / f"{part}.po").open("rb") as file:
        return {message.id for message in read_po(file) if message.string}


def test_the_sentences_of_bundle_rules_are_translated():
    assert sentences("packages_wo/rules") - translated("packages") == set()


def test_the_sentences_of_customer_rules_are_translated():
    assert sentences("customers/rules") - translated("customers") == set()
