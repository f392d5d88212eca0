"""What became of a bank's file: one row per outcome, with how many lines and how much."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from billing.models import BankFile, DebitLine, StatementLine
from billing.rules.banks import ANSWERS, SETTLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Lines that went one way. ``label`` and ``why`` are message ids. Units: fen."""

    state: str
    label: str
    why: str
    count: int
    amount_fen: int


def outcomes_of(file: BankFile) -> list[Outcome]:
    """Answers by what the bank did, movements by what they were taken for."""
    if file.kind == BankFile.Kind.ANSWER:
        return [
            Outcome(
                state=state,
                label=str(DebitLine.State(state).label),
                why="" if reason == SETTLED else ANSWERS.get(reason, reason),
                count=count,
                amount_fen=amount_fen,
            )
            for state, reason, count, amount_fen in DebitLine.objects.filter(answered_in=file)
            .order_by("-state", "reason")
            .values_list("state", "reason")
            .annotate(Count("pk"), Sum("amount_fen"))
        ]
    return [
        Outcome(
            state=state,
            label=str(StatementLine.State(state).label),
            why=str(StatementLine.Matched(way).label) if way else "",
            count=count,
            amount_fen=amount_fen,
        )
        for state, way, count, amount_fen in StatementLine.objects.filter(file=file)
        .order_by("state", "matched_by")
        .values_list("state", "matched_by")
        .annotate(Count("pk"), Sum("amount_fen"))
    ]
