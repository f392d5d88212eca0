"""A password that is read from a screen once and typed once."""

import secrets
from typing import Final

ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1, which look alike."""
GROUPS, LETTERS = 4, 5


def new_one_time_password() -> str:
    """Four groups of five letters: 99 bits, and no reading it wrong."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS)
    )
