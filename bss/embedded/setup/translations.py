"""Build ``django.mo`` of each language from ``django.po`` and the areas' parts.

Run by the virtual environment's Python: ``python -m bss.embedded.setup.translations``.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bss.embedded.places import CHECKOUT


def sources(language: Path) -> list[Path]:
    """The files of one language; an earlier one wins where two translate the same words."""
    whole = language / "LC_MESSAGES" / "django.po"
    return [*([whole] if whole.exists() else []), *sorted((language / "parts").glob("*.po"))]


def merged(files: list[Path], *, locale: str) -> tuple[Catalog, list[str]]:
    """One catalogue of all files, and a line for every contradiction between them."""
    whole = Catalog(locale=locale, domain="django")
    contradictions = []
    for file in files:
        with file.open("rb") as source:
            part = read_po(source, locale=locale)
        for message in part:
            if not message.id or not message.string or message.fuzzy:
                continue
            known = whole.get(message.id, message.context)
            if known is None:
                whole.add(message.id, message.string, context=message.context)
            elif known.string != message.string:
                contradictions.append(f"{file.name}: {message.id!r}: {known.string!r} is kept")
    return whole, contradictions


def main() -> None:
    for language in sorted(path for path in (CHECKOUT / "locale").iterdir() if path.is_dir()):
        catalogue, contradictions = merged(sources(language), locale=language.name)
        for line in contradictions:
            print(line, file=sys.stderr)  # noqa: T201
        target = language / "LC_MESSAGES" / "django.mo"
        target.parent.mkdir(exist_ok=True)
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as sink:
            write_mo(sink, catalogue)
        fresh.rename(target)


if __name__ == "__main__":
    main()
