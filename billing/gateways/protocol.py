"""What the house asks of an online gateway, in words that all gateways share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

TIMEOUT_S = 8.0


class GatewayError(Exception):
    """A gateway could not be used; the text says what happened."""


class NoAnswerError(GatewayError):
    """No answer that can be believed: it may have done what was asked. Ask again."""


class SaidNoError(GatewayError):
    """A believable no; ``code`` is the gateway's own word."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code


class ForgedError(GatewayError):
    """A notification that the gateway did not sign, or not for us, or not now."""


class NoStatementError(GatewayError):
    """The gateway has no statement of that day (yet)."""


class TradeState(StrEnum):
    """What has become of a trade at the gateway."""

    MISSING = "missing"
    WAITING = "waiting"
    PAID = "paid"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A trade as the gateway tells it, asked or unasked."""

    number: str
    state: TradeState
    amount_fen: int | None = None
    trade_no: str = ""
    paid_at: datetime | None = None


class ReturnState(StrEnum):
    """What has become of money that a gateway was asked to send back."""

    MISSING = "missing"
    """It knows of no such wish."""
    PENDING = "pending"
    DONE = "done"
    SHORT = "short"
    """Nothing was sent: the house has too little there. Ask again when it has more."""
    TOO_OLD = "too_old"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Money that goes back, as the gateway tells it; ``why`` is its own word for a no."""

    number: str
    state: ReturnState
    amount_fen: int | None = None
    done_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a gateway wants to hear after a notification; anything else and it comes again."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


class GatewayAdapter(Protocol):
    """One gateway. Every call but ``read_notice`` goes over the network.

    All raise NoAnswerError; what a gateway refuses raises SaidNoError.
    """

    name: str

    def create(
        self, *, number: str, amount_fen: int, subject: str, expires_at: datetime, notify_url: str
    ) -> str:
        """Register an order; the text of its QR code. The same order again gives a code again."""

    def query(self, *, number: str) -> Trade:
        """What has become of an order."""

    def close(self, *, number: str) -> None:
        """Have an unpaid order refused from now on. Raises: SaidNoError also when it is paid."""

    def refund(
        self, *, number: str, refund_number: str, amount_fen: int, total_fen: int, reason: str
    ) -> Returned:
        """Send money back, once per ``refund_number``; what it refuses is said, not raised."""

    def query_refund(self, *, number: str, refund_number: str) -> Returned:
        """What has become of money that was to be sent back."""

    def fetch_statement(self, *, day: date) -> bytes:
        """The gateway's own statement of a day, unpacked. Raises: NoStatementError."""

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Trade:
        """What a notification says. Raises: ForgedError."""

    def reply(self, *, heard: bool) -> Reply:
        """The answer to a notification: heard, or send it again."""
