"""A tier and packs of minutes that the address names, as an advice leads to the form.

``?tier=206&pack=MIN-300:2``: they take the place of the bundle's own; what the catalogue does not
sell is left out, and the form's own rules look at all of it anyway.
"""

from dataclasses import replace

from django.http import QueryDict

from bss.kernel import clock
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.combination_words import combination_words
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.combinations import Combination, Counts, is_of_minutes, packs_with
from packages_wo.rules.composition import Composition


def compose(filled: Composition, query: QueryDict, *, catalogue: Catalogue) -> Composition:
    """The composition with what the address names; without a tier it stays as it is."""
    tier = _tier(query)
    if tier not in catalogue.offering(filled.offering).tiers:
        return filled
    packs = tuple((code, n) for code, n in _packs(query, catalogue) if n)
    combination = Combination(tier=tier, packs=packs)
    return replace(filled, tier=tier, packs=packs_with(filled, combination, catalogue))


def words(query: QueryDict) -> str:
    """What the form will be filled with; nothing when the address names no tier."""
    tier = _tier(query)
    if not tier:
        return ""
    packs = _packs(query, catalogue_on(clock.today()))
    return combination_words(clock.today())(tier, packs)


def _tier(query: QueryDict) -> int:
    text = query.get("tier", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _packs(query: QueryDict, catalogue: Catalogue) -> Counts:
    found: dict[str, int] = {}
    for text in query.getlist("pack"):
        code, _, count = text.partition(":")
        pack = catalogue.packs.get(code)
        if pack and is_of_minutes(pack) and count.isascii() and count.isdigit():
            found[code] = min(int(count[:3] or 0), pack.max)
    return tuple(found.items())
