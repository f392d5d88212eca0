"""Papers by the thousand: a Typst template of ``templates/press/`` with its data, as PDF.

One document on demand is ``bss.kernel.papers``; this is what a printing house gets. Typst sets a
bill in a tenth of the time that WeasyPrint takes, and needs nothing of the machine.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from bss.kernel.papers import MISSING_FONTS, PapersUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRun:
    """Documents one after the other in one PDF, with the last page of each, counted from 1."""

    pdf: bytes
    last_pages: Sequence[int]


def print_run(template: str, data: Mapping[str, Any]) -> PrintRun:
    """The documents that the template makes of ``data``; it marks the end of each by ``<last>``.

    Raises: PapersUnavailable, when the fonts are missing.
    """
    compiler = _compiler(template)
    pdf = compiler.compile(format="pdf", sys_inputs={"data": json.dumps(data)}, pdf_tags=False)
    assert isinstance(pdf, bytes)  # a list only of pictures, None only into a file
    last_pages = json.loads(compiler.query("<last>", field="value"))  # of what was compiled last
    return PrintRun(pdf=pdf, last_pages=last_pages)


@cache
def _compiler(template: str) -> typst.Compiler:
    """Kept for the process: fonts are read once. On one thread: processes print side by side."""
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    house = Path(settings.BASE_DIR)
    fonts = house / "static" / "vendor" / "fonts"
    if not (fonts / "NotoSansSC-Regular.ttf").exists():
        raise PapersUnavailable(MISSING_FONTS)
    return typst.Compiler(
        str(house / "templates" / "press" / template),
        root=str(house),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
    )
