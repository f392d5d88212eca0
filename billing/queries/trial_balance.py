"""试算平衡: what each subject opened a month with, what moved on it, and what it closed with."""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from billing.rules.chart import SUBJECTS, UNLISTED, Subject
from billing.rules.house import Side
from bss.kernel.periods import Month

SUMS = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One subject's month. A balance is a credit when positive, a debit when negative (docs/adr).

    Units: fen; ``debit_fen`` and ``credit_fen`` are what was posted on either side.
    """

    subject: Subject
    opening_fen: int = 0
    debit_fen: int = 0
    credit_fen: int = 0

    @property
    def closing_fen(self) -> int:
        return self.opening_fen + self.credit_fen - self.debit_fen

    @property
    def is_idle(self) -> bool:
        return not (self.opening_fen or self.debit_fen or self.credit_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Both sides of all rows; of sound books each pair is equal."""

    opening_debit_fen: int
    opening_credit_fen: int
    debit_fen: int
    credit_fen: int
    closing_debit_fen: int
    closing_credit_fen: int

    @property
    def balanced(self) -> bool:
        return (
            self.opening_debit_fen == self.opening_credit_fen
            and self.debit_fen == self.credit_fen
            and self.closing_debit_fen == self.closing_credit_fen
        )


def trial_balance(month: Month) -> list[TrialRow]:
    """Every subject that ever moved up to the month's end, in the order of the chart.

    An entry belongs to the month of its journal's business time.
    Source: ACC-6.
    """
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"starts_at": month.starts_at, "ends_at": month.ends_at})
        sums = {tuple(row[:3]): row[3:] for row in cursor.fetchall()}
    rows = []
    for subject in SUBJECTS:
        opening, debit, credit = sums.pop((subject.ledger, subject.kind, subject.money), (0, 0, 0))
        row = TrialRow(subject=subject, opening_fen=opening, debit_fen=debit, credit_fen=credit)
        if not row.is_idle:
            rows.append(row)
    return rows + [_unlisted(name, *figures) for (name, _, _), figures in sorted(sums.items())]


def _unlisted(name: str, opening_fen: int, debit_fen: int, credit_fen: int) -> TrialRow:
    return TrialRow(
        subject=Subject(code=UNLISTED, title=name, side=Side.EQUITY, ledger=name),
        opening_fen=opening_fen,
        debit_fen=debit_fen,
        credit_fen=credit_fen,
    )


def totals_of(rows: list[TrialRow]) -> Totals:
    """The last line of the trial balance."""
    return Totals(
        opening_debit_fen=sum(max(0, -row.opening_fen) for row in rows),
        opening_credit_fen=sum(max(0, row.opening_fen) for row in rows),
        debit_fen=sum(row.debit_fen for row in rows),
        credit_fen=sum(row.credit_fen for row in rows),
        closing_debit_fen=sum(max(0, -row.closing_fen) for row in rows),
        closing_credit_fen=sum(max(0, row.closing_fen) for row in rows),
    )
