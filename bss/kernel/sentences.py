"""Sentences in the database: their words and facts, so that each reader has their language."""

from typing import Any

from bss.kernel.errors import Sentence


def stored(text: object) -> Any:
    """JSON for a sentence, a word, a figure, or several of them."""
    if isinstance(text, Sentence):
        return {"words": text.words, "facts": {name: stored(f) for name, f in text.facts.items()}}
    if isinstance(text, list | tuple):
        return [stored(one) for one in text]
    return text if isinstance(text, int) else str(text)


def read(kept: Any) -> Any:
    """What was stored; pages show it through ``said``."""
    if isinstance(kept, dict):
        return Sentence(kept["words"], **{name: read(f) for name, f in kept["facts"].items()})
    if isinstance(kept, list):
        return [read(one) for one in kept]
    return kept
