"""Chinese words of models and rules, said in the reader's language."""

from django.utils.translation import gettext

from bss.kernel.errors import Sentence


def said(text: object) -> str:
    """A label, a state's word or a fault's sentence in the language in force."""
    if isinstance(text, Sentence):
        return gettext(text.words) % {name: said(fact) for name, fact in text.facts.items()}
    return gettext(str(text)) if text not in ("", None) else ""
