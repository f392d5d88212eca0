"""The line protocol between the product and the network's provisioning platform.

One command, one answer, both one UTF-8 line: ``SEQ VERB key=value …``. Values are URL-quoted. The
answer carries the command's sequence number; a ``work_order`` that was done before is done again
without harm, so that a lost answer may simply be asked for once more.

    17 EXEC work_order=42 type=install service=fixed number=01062000011 plan=FIXED-STD
    17 DONE
    18 EXEC work_order=43 type=join_vpn service=m2g number=13011112222
    18 FAIL code=31 text=%E7%AB%AF%E5%8F%A3%E5%B7%B2%E6%BB%A1
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, unquote

EXEC = "EXEC"
TELL = "TELL"
DONE = "DONE"
FAIL = "FAIL"
RETRY = "RETRY"


class ProtocolError(ValueError):
    """A line that is not of this protocol."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its sequence number, its verb, its values."""

    sequence: int
    verb: str
    values: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        words = [f"{key}={quote(str(value), safe='')}" for key, value in self.values.items()]
        return (" ".join([str(self.sequence), self.verb, *words]) + "\n").encode()

    @classmethod
    def decode(cls, raw: bytes) -> "Line":
        """Raises: ProtocolError."""
        try:
            sequence, verb, *words = raw.decode().split()
            values = dict(word.split("=", 1) for word in words)
            return cls(int(sequence), verb, {key: unquote(text) for key, text in values.items()})
        except ValueError as error:
            raise ProtocolError(f"not a line of the provisioning protocol: {raw!r}") from error


@dataclass(frozen=True, slots=True)
class Command:
    """What the network is asked to do for one work order."""

    work_order: str
    type: str
    service: str
    number: str
    detail: Mapping[str, object] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        return {
            "work_order": self.work_order,
            "type": self.type,
            "service": self.service,
            "number": self.number,
            **{key: str(value) for key, value in self.detail.items()},
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it; a ``retry`` failure may succeed later, another one will not."""

    done: bool
    error: str = ""
    retry: bool = False


class Provisioner(Protocol):
    """The adapter that work orders are executed through."""

    def execute(self, command: Command) -> Answer:
        """Do it, or say why not. A platform that cannot be reached is a ``retry`` answer."""
