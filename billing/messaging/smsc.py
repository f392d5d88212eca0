"""The short message centre in small: SMPP 3.4 over TCP, receipts and all, and trouble when told.

As a process: ``python -m billing.messaging.smsc --port 2775``. A number that ends in 0000 does not
exist (refused), one that ends in 9999 is switched off for good (undelivered).
"""

import argparse
import itertools
import socket
import socketserver
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from billing.messaging import wire
from billing.messaging.wire import Pdu, Submitted, WireError

NO_SUCH, SWITCHED_OFF = "0000", "9999"
STATES = {"DELIVRD": 2, "UNDELIV": 5}
ALWAYS = -1


@dataclass
class Centre:
    """What it has taken, and what trouble it was told to make."""

    password: str = ""
    taken: list[Submitted] = field(default_factory=list)
    receipts: deque[tuple[str, str, str]] = field(default_factory=deque)
    binds: int = 0
    throttle: int = 0
    drop_before: int = 0
    drop_after: int = 0
    silent: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def take(self, asked: Submitted) -> tuple[int, str]:
        """The status of a submission and, when it was taken, the message's name."""
        with self.lock:
            if self.throttle:
                self.throttle -= 1 if self.throttle > 0 else 0
                return wire.THROTTLED, ""
            if asked.destination.endswith(NO_SUCH) or not asked.destination.isdigit():
                return wire.INVALID_DESTINATION, ""
            name = f"SM{next(self.numbers):08X}"
            self.taken.append(asked)
            if asked.wants_receipt and not self.silent:
                off = asked.destination.endswith(SWITCHED_OFF)
                self.receipts.append((name, asked.destination, "UNDELIV" if off else "DELIVRD"))
            return wire.OK, name

    def told_to(self, trouble: str) -> bool:
        """Whether to make this trouble now; each one asked for is made once."""
        with self.lock:
            left: int = getattr(self, trouble)
            setattr(self, trouble, left - 1 if left > 0 else left)
            return bool(left)


class _Session(socketserver.BaseRequestHandler):
    """One connection: bound, then commands are answered and receipts delivered as they come."""

    request: socket.socket

    def handle(self) -> None:
        self.centre: Centre = self.server.centre  # type: ignore[attr-defined]
        self.bound = False
        self.waiting: dict[int, tuple[str, str, str]] = {}
        self.sequences = itertools.count(1)
        self.request.settimeout(0.05)
        try:
            while True:
                raw = self._read()
                if raw is None:
                    return
                if raw and not self._answer(raw):
                    return
                self._deliver()
        except OSError:
            return
        except (WireError, UnicodeDecodeError):
            with suppress(OSError):
                self._write(Pdu(wire.GENERIC_NACK, 0, wire.INVALID_COMMAND))
        finally:
            with self.centre.lock:
                self.centre.receipts.extendleft(reversed(self.waiting.values()))

    def _read(self) -> bytes | None:
        """A whole unit, nothing yet (b""), or None at the end."""
        try:
            head = self.request.recv(4)
        except TimeoutError:
            return b""
        if len(head) < 4:
            return None
        length = int.from_bytes(head, "big")
        if not wire.HEADER.size <= length <= wire.LONGEST:
            raise WireError("no length of a unit")
        raw = head
        self.request.settimeout(5)
        while len(raw) < length:
            part = self.request.recv(length - len(raw))
            if not part:
                return None
            raw += part
        self.request.settimeout(0.05)
        return raw

    def _answer(self, raw: bytes) -> bool:
        """Whether the session goes on."""
        _, command, status, sequence = wire.HEADER.unpack(raw[: wire.HEADER.size])
        asked = Pdu(command, sequence, status, raw[wire.HEADER.size :])
        if command in wire.BINDS:
            return self._bind(asked)
        if command == wire.UNBIND:
            self._write(asked.answer())
            return False
        if command == wire.ENQUIRE_LINK:
            self._write(asked.answer())
        elif command == wire.DELIVER_SM | wire.RESPONSE:
            receipt = self.waiting.pop(sequence, None)
            if receipt is not None and status != wire.OK:
                self.centre.receipts.append(receipt)
                time.sleep(0.02)
        elif command == wire.SUBMIT_SM:
            return self._submit(asked)
        else:
            self._write(Pdu(wire.GENERIC_NACK, sequence, wire.INVALID_COMMAND))
        return True

    def _bind(self, asked: Pdu) -> bool:
        reader = wire.Reader(asked.body)
        name, password = reader.text(), reader.text()
        right = password == self.centre.password
        self.bound = right
        self.centre.binds += 1
        answer = wire.OK if right else wire.INVALID_PASSWORD
        self._write(asked.answer(answer, f"{name}\0".encode() if right else b""))
        return right

    def _submit(self, asked: Pdu) -> bool:
        if not self.bound:
            self._write(asked.answer(wire.INVALID_BIND))
            return True
        if self.centre.told_to("drop_before"):
            return False
        status, name = self.centre.take(wire.read_submit(asked.body))
        if self.centre.told_to("drop_after"):
            return False
        self._write(asked.answer(status, f"{name}\0".encode() if name else b""))
        return True

    def _deliver(self) -> None:
        """What is to be told, each with a sequence of our own until it is acknowledged."""
        while self.bound and self.centre.receipts:
            with self.centre.lock:
                if not self.centre.receipts:
                    return
                receipt = self.centre.receipts.popleft()
            message_id, number, state = receipt
            sequence = next(self.sequences)
            self.waiting[sequence] = receipt
            self._write(
                wire.write_receipt(
                    sequence, message_id=message_id, source=number, state=state,
                    code=STATES[state],
                )
            )  # fmt: skip
            if len(self.waiting) >= 10:
                return

    def _write(self, pdu: Pdu) -> None:
        self.request.sendall(pdu.encode())


class MessageCentre(socketserver.ThreadingTCPServer):
    """The simulated centre on a local port (0: any free one)."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, password: str = "") -> None:
        super().__init__((host, port), _Session)
        self.centre = Centre(password=password)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> "MessageCentre":
        """Serve in a background thread until ``shutdown``."""
        threading.Thread(target=self.serve_forever, name="smsc", daemon=True).start()
        return self


def main() -> None:
    """Serve until a signal."""
    parser = argparse.ArgumentParser(description="A short message centre to try SMPP 3.4 with.")
    parser.add_argument("--port", type=int, default=2775)
    parser.add_argument("--password", default="")
    asked = parser.parse_args()
    with MessageCentre(port=asked.port, password=asked.password) as centre:
        centre.serve_forever()


if __name__ == "__main__":
    main()
