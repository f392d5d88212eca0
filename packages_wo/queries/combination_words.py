"""How a tier with its packs of minutes is said, in the reader's language."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from packages_wo.queries.catalogue import NoCatalogueError, catalogue_on

Packs = Sequence[tuple[str, int]]
Worded = Callable[[int, Packs], str]


def combination_words(day: date) -> Worded:
    """By the day's catalogue: 206 元档 + 共享时长包300分钟 × 2."""
    try:
        packs = {code: _(pack.name) for code, pack in catalogue_on(day).packs.items()}
    except NoCatalogueError:
        packs = {}

    def worded(tier: int, chosen: Packs) -> str:
        words = [_("%(tier)s 元档") % {"tier": tier}]
        for code, count in chosen:
            name = packs.get(code, code)
            words.append(f"{name} × {count}" if count > 1 else name)
        return " + ".join(words)

    return worded
