"""What a charge says of itself, in the reader's language."""

import re

from django.utils.translation import gettext as _

_OF_A_MONTH = re.compile(r"\d{4}-\d{2} ")


def memo_words(memo: str) -> str:
    """A memo as it is read; one such as ``2026-10 本地通话费 资费更正`` word by word."""
    if not memo:
        return ""
    if _OF_A_MONTH.match(memo):
        month, *words = memo.split(" ")
        return " ".join([month, *(_(word) for word in words)])
    return _(memo)
