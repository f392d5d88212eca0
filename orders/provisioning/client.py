"""The adapter that speaks the line protocol over TCP."""

import itertools
import socket
from types import TracebackType
from typing import Self

from orders.provisioning.protocol import (
    DONE,
    EXEC,
    RETRY,
    Answer,
    Command,
    Line,
    ProtocolError,
)

TIMEOUT_S = 5.0


class TcpProvisioner:
    """One connection, opened when it is needed; its commands are numbered from 1."""

    def __init__(self, host: str, port: int, *, timeout_s: float = TIMEOUT_S) -> None:
        self._address = (host, port)
        self._timeout_s = timeout_s
        self._sequence = itertools.count(1)
        self._socket: socket.socket | None = None

    def execute(self, command: Command) -> Answer:
        try:
            answer = self._ask(Line(next(self._sequence), EXEC, command.values()))
        except (OSError, ProtocolError) as error:
            self.close()
            return Answer(done=False, error=f"开通平台无应答：{error}", retry=True)
        if answer.verb == DONE:
            return Answer(done=True)
        text = f"{answer.values.get('code', '')} {answer.values.get('text', '')}".strip()
        return Answer(done=False, error=text, retry=answer.verb == RETRY)

    def _ask(self, line: Line) -> Line:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=self._timeout_s)
        self._socket.sendall(line.encode())
        with self._socket.makefile("rb") as replies:
            raw = replies.readline()
        if not raw:
            raise ConnectionError("connection closed")
        answer = Line.decode(raw)
        if answer.sequence != line.sequence:
            raise ProtocolError(f"answer {answer.sequence} to command {line.sequence}")
        return answer

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
