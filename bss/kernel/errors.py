"""Input that cannot be used: a sentence that says what, where and what to do."""

from collections.abc import Mapping


class Sentence(str):
    """A sentence with its facts filled in that still knows both: an edge can translate it.

    ``Sentence("没有用户 %(number)s。", number=number)``
    """

    words: str
    facts: Mapping[str, object]

    def __new__(cls, words: str, **facts: object) -> "Sentence":
        whole = super().__new__(cls, words % facts)
        whole.words, whole.facts = words, facts
        return whole


class BadInputError(Exception):
    """The input is faulty, not forbidden; nothing was changed.

    ``faults`` are (place, sentence) pairs; all that were found, not only the first.
    """

    def __init__(self, *faults: tuple[str, str]) -> None:
        self.faults = faults
        super().__init__(
            "; ".join(f"{place}: {sentence}" if place else sentence for place, sentence in faults)
        )
