"""Input that cannot be used: a sentence that says what, where and what to do."""


class BadInputError(Exception):
    """The input is faulty, not forbidden; nothing was changed.

    ``faults`` are (place, sentence) pairs; all that were found, not only the first.
    """

    def __init__(self, *faults: tuple[str, str]) -> None:
        self.faults = faults
        super().__init__(
            "; ".join(f"{place}: {sentence}" if place else sentence for place, sentence in faults)
        )
