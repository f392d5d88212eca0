"""Parts of names for the search index: single characters and pairs.

Chinese names have two or three characters and people look for two of them; an index of three-letter
parts finds none of that.
"""

import itertools


def grams(name: str) -> list[str]:
    """Every character and every pair of neighbours, each once, case folded."""
    plain = plain_name(name)
    singles = dict.fromkeys(plain)
    pairs = dict.fromkeys(first + second for first, second in itertools.pairwise(plain))
    return [*singles, *pairs]


def wanted_grams(text: str) -> list[str]:
    """What the index must hold for a name that contains ``text``."""
    plain = plain_name(text)
    if len(plain) < 2:
        return list(plain)
    return list(dict.fromkeys(first + second for first, second in itertools.pairwise(plain)))


def plain_name(name: str) -> str:
    """The name without spaces, case folded."""
    return "".join(name.split()).casefold()
