"""Every message id that code and templates ask for, and what the English parts answer.

``python -m tests.desk.messages`` prints what still lacks its English.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
HOUSE = ("bss", "customers", "channels", "packages_wo", "billing", "orders", "complaints")
KEYWORDS = {
    "_": None, "_n": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def asked_for() -> dict[str, str]:
    """Chinese message id -> the first place that asks for it."""
    found: dict[str, str] = {}
    for place, source in _sources():
        for _, _, messages, _ in extract_python(
            BytesIO(source), KEYWORDS, [], {"encoding": "utf-8"}
        ):
            for message in messages if isinstance(messages, tuple) else (messages,):
                if message and any("\u4e00" <= letter <= "\u9fff" for letter in message):
                    found.setdefault(message, place)
    return found


def english() -> dict[str, str]:
    """Message id -> English, from the head and every part."""
    answers: dict[str, str] = {}
    language = ROOT / "locale" / "en"
    for path in [*language.glob("LC_MESSAGES/*.po"), *language.glob("parts/*.po")]:
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                texts = message.string if isinstance(message.string, tuple) else (message.string,)
                if all(texts):
                    answers.update(dict.fromkeys(ids, str(texts[0])))
    return answers


def _sources() -> Iterator[tuple[str, bytes]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = str(path.relative_to(ROOT))
        calls = templatize(path.read_text(encoding="utf-8"), origin=name)
        yield name, "\n".join(line.strip() for line in calls.splitlines()).encode()
    for room in HOUSE:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_bytes()


def main() -> None:
    answers = english()
    for message, place in sorted(asked_for().items(), key=lambda pair: pair[1]):
        if message not in answers:
            print(f"{place}: {message}")  # noqa: T201


if __name__ == "__main__":
    main()
