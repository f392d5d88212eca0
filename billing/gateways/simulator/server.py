"""The simulator's door: the gateways' addresses, the customer's page, and the control address."""

import json
import socket
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

from billing.gateways.simulator.page import pay_page
from billing.gateways.simulator.world import World, as_json

CONTROL = "/control"


class Simulator(ThreadingHTTPServer):
    """On a local port (0: any free one); its keys and trades lie in ``directory``."""

    daemon_threads = True

    def __init__(self, directory: Path, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), Conversation)
        self.world = World(directory, f"http://{host}:{self.server_port}")


class Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _world(self) -> World:
        world: World = self.server.world  # type: ignore[attr-defined]
        return world

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        if parts.path == CONTROL:
            self._say(200, as_json(self._world.told(json.loads(body))))
        elif parts.path.startswith("/pay/"):
            self._customer(parts.path.removeprefix("/pay/"))
        elif parts.path == "/alipay/bill":
            day = date.fromisoformat(parse_qs(parts.query)["day"][0])
            self._say(200, self._world.alipay.statement(day), "application/zip")
        elif parts.path == "/gateway.do":
            self._alipay(parts.query, body)
        elif parts.path.startswith("/v3/"):
            self._wechat(body)
        else:
            self._say(404, b"{}")

    def _alipay(self, query: str, body: bytes) -> None:
        form = dict(parse_qsl(query)) | dict(parse_qsl(body.decode()))
        trouble = self._world.trouble()
        answer = self._world.alipay.answer(form, trouble=trouble)
        if trouble == "cut":
            self._cut()
        elif trouble == "busy":
            self._say(502, b"")
        else:
            self._say(200, answer)

    def _wechat(self, body: bytes) -> None:
        trouble = self._world.trouble()
        status, headers, answer = self._world.wechat.answer(
            self.command,
            self.path,
            self.headers.get("Authorization", ""),
            body,
            trouble=trouble,
        )
        if trouble == "cut":
            self._cut()
        elif trouble == "busy":
            self._say(502, b"")
        else:
            self._say(status, answer, **headers)

    def _customer(self, token: str) -> None:
        trade = self._world.trades.by_token(token)
        if trade is not None and self.command == "POST" and trade.can_be_paid:
            self._world.pay(trade)
            trade = self._world.trades.by_token(token)
        if trade is None:
            self._say(404, b"")
        else:
            self._say(200, pay_page(trade), "text/html; charset=utf-8")

    def _cut(self) -> None:
        """It was done, and nobody is told."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _say(
        self, status: int, body: bytes, kind: str = "application/json", **headers: str
    ) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": kind} | headers).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""
