"""信用额度与占用: how much of its limit an account has used up, as of now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from billing.queries import asked
from bss.kernel.periods import Month, business_date


@dataclass(frozen=True, slots=True)
class ExposureView:
    """One account against its limit. Units: fen; a balance higher than the rest is no exposure."""

    account_id: int
    limit_fen: int
    limit_is_own: bool
    usage_fen: int
    charges_fen: int
    due_fen: int
    balance_fen: int

    @property
    def exposure_fen(self) -> int:
        return max(0, self.usage_fen + self.charges_fen + self.due_fen - self.balance_fen)

    @property
    def exposure_yuan(self) -> int:
        """Whole yuan, for a meter."""
        return self.exposure_fen // 100

    @property
    def limit_yuan(self) -> int:
        """Whole yuan, for a meter."""
        return self.limit_fen // 100

    @property
    def percent(self) -> int:
        """Rounded down, so that a limit is full at 100 and not before."""
        return self.exposure_fen * 100 // self.limit_fen


def exposure_terms(at: datetime, account_ids: list[int] | None = None) -> dict[str, Any]:
    """The named parameters of ``exposure.sql``; usage of a month before the last is billed."""
    return {
        "at": at,
        "on": business_date(at),
        "since": Month.of(at).previous.first_day,
        "accounts": account_ids,
    }


def exposure_of(account_id: int, *, at: datetime) -> ExposureView | None:
    """One account's; None where no limit applies to it."""
    rows = asked.rows("exposure", exposure_terms(at, [account_id]))
    return ExposureView(*rows[0]) if rows else None
