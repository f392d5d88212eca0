"""Chinese words of models and rules, said in the reader's language."""

from django.utils.translation import gettext

from bss.kernel.errors import Sentence


def said(text: object) -> str:
    """A label, a state's word, a fault's sentence, or several, in the language in force."""
    if isinstance(text, Sentence):
        return gettext(text.words) % {name: said(fact) for name, fact in text.facts.items()}
    if isinstance(text, list | tuple):
        return gettext("、").join(said(one) for one in text)
    return gettext(str(text)) if text not in ("", None) else ""
