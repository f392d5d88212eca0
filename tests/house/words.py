"""The Chinese that the product says to people, read from its source, and the English for it.

``python -m tests.house.words`` prints what has no English yet, as entries for a ``.po`` file.
"""

import ast
import io
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileParser

HOUSE = Path(__file__).resolve().parents[2]
OUR_NAME = "沃·商务"
APPS = ("bss", "customers", "channels", "packages_wo", "billing", "orders", "complaints")
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACES = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}")

# Chinese that is data, paper or protocol, not a word of the pages.
SPEAKS_CHINESE = {
    "bss/demo": "the invented operator: names of people, companies and places",
    "bss/embedded": "talks to the terminal in English; has no pages",
    "bss/settings": "names the languages and describes the interface in both",
    "bss/desk/specimens.py": "the styleguide's invented examples",
    "bss/scenario/setup.py": "the scratch operator's names",
    "orders/api/examples.py": "examples in the interface's documentation",
    "bss/kernel/api/describe.py": "the interface's documentation, Chinese and English at once",
    "bss/kernel/api/filters.py": "the interface's documentation",
    "bss/kernel/api/window.py": "the interface's documentation",
    "packages_wo/queries/sample.py": "catalogue data",
    "packages_wo/rules/catalogue_document.py": "faults of a catalogue file, on the terminal",
    "packages_wo/rules/bundle_document.py": "faults of a catalogue file, on the terminal",
    "packages_wo/rules/document_reader.py": "faults of a catalogue file, on the terminal",
    "templates/papers/invoice.html": "the invoice, whose words the tax office has laid down",
    "billing/gateways/simulator": "the gateways' own words, in their answers and files",
    "billing/gateways/wechat.py": "the gateway's own word in its refusals",
    "billing/rules/alipay_statement.py": "the headings of the gateway's file",
    "billing/rules/wechat_statement.py": "the headings of the gateway's file",
    "packages_wo/management": "talks to the operator's terminal",
    "templates/desk/styleguide.html": "the styleguide's invented examples",
    "templates/errors/500.html": "the last page needs nothing, so it says both at once",
    "billing/management": "talks to the operator's terminal",
    "bss/desk/management": "talks to the operator's terminal",
    "bss/identity/api/documentation.py": "the interface's documentation",
    "bss/kernel/audit/verify.py": "faults of the audit, on the terminal",
    "bss/kernel/redaction.py": "what an address looks like",
    "bss/scenario": "talks to the terminal",
    "bss/desk/views/styleguide.py": "the styleguide's invented examples",
    "templates/papers/mandate.html": "an authorisation that is signed, in Chinese",
    "templates/papers/acceptance_form.html": "a paper that is signed, in Chinese",
    "templates/papers/agreement.html": "a contract, in Chinese",
    "templates/parts/language_menu.html": "each language says its own name",
}

# Chinese that is put together and kept: an account's name, a platform's answer.
KEPT_AS_WRITTEN = {"orders/api/bundle_in.py", "orders/provisioning/client.py"}


@dataclass(frozen=True, slots=True)
class Said:
    """One text of the source and where it stands."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one ``.po`` file."""

    file: str
    context: str | None
    msgid: str | tuple[str, ...]
    msgstr: str | tuple[str, ...]


class _EveryEntry(Catalog):
    """A catalogue that remembers each entry as it was written, also one written twice."""

    def __init__(self) -> None:
        super().__init__(locale="en")
        self.written: list[Message] = []

    def __setitem__(self, msgid: str, message: Message) -> None:
        if msgid:
            self.written.append(message)
        super().__setitem__(msgid, message)


def english() -> list[Entry]:
    """Every entry of every file of the English, in the order in which they are merged."""
    home = HOUSE / "locale" / "en"
    found = []
    for file in (home / "LC_MESSAGES" / "django.po", *sorted((home / "parts").glob("*.po"))):
        catalogue = _EveryEntry()
        PoFileParser(catalogue).parse(io.BytesIO(file.read_bytes()))
        found += [Entry(file.name, m.context, m.id, m.string) for m in catalogue.written]
    return found


def translated() -> set[str]:
    """The Chinese that has English (the singular, where there are two forms)."""
    return {
        entry.msgid if isinstance(entry.msgid, str) else entry.msgid[0]
        for entry in english()
        if all([entry.msgstr] if isinstance(entry.msgstr, str) else entry.msgstr)
    }


def said() -> list[Said]:
    """Every Chinese text of pages, forms, models, rules and refusals."""
    return [*said_by_modules(), *said_by_templates()]


def said_by_modules() -> Iterator[Said]:
    """Each Chinese literal of the product's modules that is not a docstring."""
    for place, tree in modules():
        for literal in _literals(tree):
            if CHINESE.search(literal.value):
                yield Said(literal.value, f"{place}:{literal.lineno}")


def counted_by_modules() -> Iterator[Said]:
    """The first form of every text that ngettext chooses by a count."""
    for place, tree in modules():
        for node in ast.walk(tree):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called in ("ngettext", "ngettext_lazy") and isinstance(node.args[0], ast.Constant):
                yield Said(node.args[0].value, f"{place}:{node.lineno}")


def mixed_by_modules() -> Iterator[Said]:
    """Chinese inside f-strings: text that no catalogue can translate."""
    for place, tree in modules():
        if place in KEPT_AS_WRITTEN:
            continue
        names = [node for node in ast.walk(tree) if getattr(node, "name", "") == "__str__"]
        not_shown = {id(part) for name in names for part in ast.walk(name)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and id(node) not in not_shown:
                fixed = [v.value for v in node.values if isinstance(v, ast.Constant)]
                if any(CHINESE.search(str(text)) for text in fixed):
                    yield Said(ast.unparse(node), f"{place}:{node.lineno}")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """(path, syntax tree) of each module that speaks to people."""
    for app in APPS:
        for file in sorted((HOUSE / app).rglob("*.py")):
            place = file.relative_to(HOUSE).as_posix()
            if "migrations" not in file.parts and not _speaks_chinese(place):
                yield place, ast.parse(file.read_text())


def said_by_templates() -> Iterator[Said]:
    """Each text that a template gives to be translated."""
    from django.template.base import TokenType

    for place, tokens in _templates():
        inside: list[str] | None = None
        for token in tokens:
            tag = token.contents.split(None, 1)[0] if token.contents.split() else ""
            is_block = token.token_type == TokenType.BLOCK
            if is_block and tag in ("blocktranslate", "blocktrans"):
                inside, line = [_written(token)], token.lineno
            elif is_block and tag in ("endblocktranslate", "endblocktrans") and inside:
                for text in _msgids("".join([*inside, _written(token)])):
                    yield Said(text, f"{place}:{line}")
                inside = None
            elif inside is not None:
                inside.append(_written(token))
            elif is_block and tag in ("translate", "trans"):
                if literal := re.match(r"\S+\s+([\"'])(.*?)\1", token.contents):
                    yield Said(literal[2], f"{place}:{token.lineno}")
            else:
                for text in re.findall(r"_\([\"'](.*?)[\"']\)", token.contents):
                    yield Said(text, f"{place}:{token.lineno}")


def unsaid_by_templates() -> Iterator[Said]:
    """Chinese that stands in a template without being given to be translated."""
    from django.template.base import TokenType

    for place, tokens in _templates():
        inside = False
        for token in tokens:
            tag = token.contents.split(None, 1)[0] if token.contents.split() else ""
            if token.token_type == TokenType.BLOCK and "blocktrans" in tag:
                inside = not tag.startswith("end")
                continue
            if inside or token.token_type == TokenType.COMMENT or tag in ("translate", "trans"):
                continue
            rest = re.sub(r"_\([\"'].*?[\"']\)", "", token.contents)
            rest = re.sub(r"<!--.*?-->", "", rest, flags=re.DOTALL).replace(OUR_NAME, "")
            if CHINESE.search(rest):
                yield Said(textwrap.shorten(rest, 80), f"{place}:{token.lineno}")


def choices_shown_plainly() -> Iterator[Said]:
    """Templates and edges that show ``get_…_display`` or ``.label`` of a choice untranslated."""
    for file in sorted((HOUSE / "templates").rglob("*.html")):
        place = file.relative_to(HOUSE).as_posix()
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            for tag in re.findall(r"{[{%].*?[%}]}", line):
                plain = re.match(r"{%\s*translate\s", tag) is None and "|said" not in tag
                shown = "_display" in tag and "display_name" not in tag
                if shown and plain and not _speaks_chinese(place):
                    yield Said(tag, f"{place}:{number}")
    for place, tree in modules():
        if "/views/" not in place or place.endswith("papers.py"):
            continue
        translated_here = {
            id(argument)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("_", "gettext", "said")
            for argument in node.args
        }
        for node in ast.walk(tree):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if re.search(r"\.get_\w+_display$", called) and id(node) not in translated_here:
                yield Said(called, f"{place}:{node.lineno}")


def _templates() -> Iterator[tuple[str, list]]:
    from django.template.base import Lexer

    for file in sorted((HOUSE / "templates").rglob("*.html")):
        place = file.relative_to(HOUSE).as_posix()
        if not _speaks_chinese(place):
            source = re.sub(
                r"{%\s*comment.*?endcomment\s*%}",
                lambda match: "\n" * match[0].count("\n"),
                file.read_text(),
                flags=re.DOTALL,
            )
            yield place, Lexer(source).tokenize()


def _written(token) -> str:
    from django.template.base import TokenType

    marks = {TokenType.BLOCK: "{%% %s %%}", TokenType.VAR: "{{ %s }}"}
    return marks.get(token.token_type, "%s") % token.contents


def _msgids(block: str) -> list[str]:
    """The singular of a whole {% blocktranslate %}…, as Django looks it up."""
    from django.template import engines
    from django.templatetags.i18n import BlockTranslateNode

    source = "{% load i18n %}{% load workbench %}{% load charts %}" + block
    nodes = engines["django"].from_string(source).template.nodelist
    return [
        node.render_token_list(node.singular)[0]
        for node in nodes.get_nodes_by_type(BlockTranslateNode)
    ]


def _literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """Whole string literals, without docstrings, parts of f-strings and patterns."""
    passed_over = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed_over.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            passed_over.update(id(value) for value in node.values)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            passed_over.update(id(argument) for argument in node.args)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in passed_over
        ):
            yield node


def _speaks_chinese(place: str) -> bool:
    return any(place == path or place.startswith(f"{path}/") for path in SPEAKS_CHINESE)


def missing() -> dict[str, list[str]]:
    """Chinese without English → the places where it is said."""
    known = translated()
    found = defaultdict(list)
    for one in said():
        if CHINESE.search(one.text) and one.text not in known:
            found[one.text].append(one.place)
    return dict(found)


def _as_entries() -> Iterator[str]:
    for text, places in sorted(missing().items(), key=lambda item: item[1]):
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        yield f'#: {" ".join(places[:3])}\nmsgid "{quoted}"\nmsgstr ""\n'


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write("\n".join(_as_entries()))
