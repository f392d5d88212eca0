"""What the product asks of whoever carries messages, whatever protocol it speaks."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What came of an attempt, in the words of ``MessageAttempt.Outcome``."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PUT_OFF = "put_off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One text to one recipient; ``reference`` names the message, the same at every attempt."""

    reference: int
    recipient: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``REFUSED`` gets no better by itself; ``UNKNOWN``: it may have been taken all the same."""

    outcome: Outcome
    gateway_id: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a message that was taken: the gateway's name for it and its final state."""

    gateway_id: str
    state: str

    @property
    def delivered(self) -> bool:
        return self.state == "DELIVRD"

    @property
    def final(self) -> bool:
        return self.state not in ("ENROUTE", "ACCEPTD")


Heard = Callable[[Receipt], None]


class Carrier(Protocol):
    """One connection; closed by whoever opened it."""

    def send(self, message: Outgoing) -> Answer:
        """Hand it over, or say why not. Never raises for what the other side does."""

    def listen(self, heard: Heard, *, patience_s: float) -> int:
        """Take the receipts that wait, each acknowledged after ``heard`` kept it; how many."""

    def close(self) -> None: ...
