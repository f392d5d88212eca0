"""The network in small: answers the line protocol, deterministically, and does as it is told.

``TELL`` lines make it fail or wait: ``1 TELL number=13011112222 code=31 text=… times=1`` (``times``
left out: always; ``verb=RETRY`` for a failure that passes), ``2 TELL delay_ms=200``,
``3 TELL forget=all``.
"""

import socketserver
import threading
import time
from dataclasses import dataclass, field

from orders.provisioning.protocol import DONE, EXEC, FAIL, TELL, Line, ProtocolError

ALWAYS = -1


@dataclass
class _Trouble:
    verb: str
    code: str
    text: str
    times: int


@dataclass
class Network:
    """What the simulated platform has done and what trouble it was told to make."""

    done: dict[str, dict[str, str]] = field(default_factory=dict)
    troubles: dict[str, _Trouble] = field(default_factory=dict)
    delay_ms: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, line: Line) -> Line:
        with self.lock:
            if line.verb == TELL:
                return self._told(line)
            if line.verb == EXEC and "work_order" in line.values:
                return self._executed(line)
        return Line(line.sequence, FAIL, {"code": "10", "text": f"unknown command {line.verb}"})

    def _executed(self, line: Line) -> Line:
        if self.delay_ms:
            time.sleep(self.delay_ms / 1000)
        values = dict(line.values)
        if values["work_order"] in self.done:
            return Line(line.sequence, DONE, {"again": "1"})
        trouble = self.troubles.get(values.get("number", ""))
        if trouble is not None and trouble.times:
            trouble.times -= 1 if trouble.times > 0 else 0
            return Line(line.sequence, trouble.verb, {"code": trouble.code, "text": trouble.text})
        self.done[values["work_order"]] = values
        return Line(line.sequence, DONE)

    def _told(self, line: Line) -> Line:
        values = line.values
        if "forget" in values:
            self.troubles.clear()
            self.delay_ms = 0
        if "delay_ms" in values:
            self.delay_ms = int(values["delay_ms"])
        if "number" in values:
            self.troubles[values["number"]] = _Trouble(
                verb=values.get("verb", FAIL),
                code=values.get("code", "99"),
                text=values.get("text", ""),
                times=int(values.get("times", ALWAYS)),
            )
        return Line(line.sequence, DONE)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        network: Network = self.server.network  # type: ignore[attr-defined]
        for raw in self.rfile:
            try:
                answer = network.answer(Line.decode(raw))
            except ProtocolError as error:
                answer = Line(0, FAIL, {"code": "11", "text": str(error)})
            self.wfile.write(answer.encode())


class Simulator(socketserver.ThreadingTCPServer):
    """The simulated platform on a local port (0: any free one)."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Conversation)
        self.network = Network()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> "Simulator":
        """Serve in a background thread until ``shutdown``."""
        threading.Thread(target=self.serve_forever, name="provisioning", daemon=True).start()
        return self
