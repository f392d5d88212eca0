"""What a rule says when it says no: its id, one sentence, and the facts in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_RULE = re.compile(r"([A-Z]+\d*)-(\d+)")


def rule_order(rule: str) -> tuple[str, int]:
    """Sort key of rule ids: by letters, then by number (ELG-9 before ELG-11)."""
    match = _RULE.fullmatch(rule)
    if match is None:
        raise ValueError(f"{rule!r} is not a rule id such as ELG-5")
    return match[1], int(match[2])


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule's no.

    ``sentence`` is Chinese with ``%(name)s`` places for ``facts``; the edges translate it.
    It says what is wrong, where, and what to do.
    """

    rule: str
    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rule_order(self.rule)

    @property
    def text(self) -> str:
        return self.sentence % self.facts if self.facts else self.sentence

    def __str__(self) -> str:
        return f"{self.rule} {self.text}"


class RefusedError(Exception):
    """A request that rules refuse; it changed nothing. Carries every refusal at once."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(sorted(refusals, key=lambda r: (rule_order(r.rule), r.text)))
        if not self.refusals:
            raise ValueError("a refusal needs a rule")
        super().__init__("；".join(map(str, self.refusals)))

    @property
    def rules(self) -> list[str]:
        """The rule ids that refuse, each once, by letters then number."""
        return sorted({refusal.rule for refusal in self.refusals}, key=rule_order)


def refuse(rule: str, sentence: str, **facts: object) -> RefusedError:
    """The error for one refusal: ``raise refuse("PAY-2", "…")``."""
    return RefusedError([Refusal(rule, sentence, facts)])


def refuse_if_any(refusals: Iterable[Refusal]) -> None:
    """Raises: RefusedError with all of them, when there is one."""
    found = list(refusals)
    if found:
        raise RefusedError(found)
