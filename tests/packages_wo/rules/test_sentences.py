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


def translated():
    found = set()
    for part in (ROOT / "locale" / "en" / "parts").glob("*.po"):
        with part.open("rb") as file:
            found |= {message.id for message in read_po(file) if message.string}
    return found


def test_the_sentences_of_bundle_rules_are_translated():
    assert sentences("packages_wo/rules") - translated() == set()


def test_the_sentences_of_customer_rules_are_translated():
    assert sentences("customers/rules") - translated() == set()
