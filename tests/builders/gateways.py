"""The simulated gateways in their own process, and the customers who pay there."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from billing.gateways.configured import gateway
from billing.gateways.protocol import GatewayAdapter
from billing.models import Account, GatewayOrder
from billing.services import gateway_orders
from bss.kernel import clock
from tests.builders.billing import a_channel, moment

ROOT = Path(__file__).resolve().parent.parent.parent
NOWHERE = "http://127.0.0.1:9/"
ASKED_AT = moment("2026-11-05T10:00")


class Customers:
    """Pay at the gateways, and tell the simulator what to do wrong."""

    def __init__(self, directory: Path, url: str) -> None:
        self.directory = directory
        self.url = url

    def pay(self, order: GatewayOrder, **how: Any) -> dict[str, Any]:
        """``amount_fen``, ``at`` and ``notify`` (off unless said) may differ."""
        return self._tell("pay", order, **{"notify": False, **how})

    def notice(self, order: GatewayOrder, **how: Any) -> tuple[Mapping[str, str], bytes]:
        """The headers and the body that the gateway would send (``forge``, ``stale``)."""
        told = self._tell("notice", order, **how)
        return told["headers"], told["body"].encode()

    def send(self, order: GatewayOrder, **how: Any) -> int:
        """Have it sent; the status that came back."""
        return int(self._tell("send", order, **how)["status"])

    def trouble(self, *make: str) -> None:
        """What the next answers are like: ``cut``, ``forge``, ``busy``; none forgets it."""
        self._control({"do": "trouble", "make": make})

    def _tell(self, do: str, order: GatewayOrder, **how: Any) -> dict[str, Any]:
        asked = {"do": do, "gateway": order.gateway, "number": order.number, **how}
        return self._control(asked)

    def _control(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}/control", json.dumps(asked).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            told: dict[str, Any] = json.loads(answer.read())
        assert "fault" not in told, told
        return told


@contextmanager
def simulated_gateways(directory: Path) -> Iterator[Customers]:
    """A simulator of its own, ended afterwards."""
    command = [sys.executable, "-m", "billing.gateways.simulator", "--directory", str(directory)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Customers(directory, process.stdout.readline().rpartition(" ")[2].strip())
        finally:
            process.terminate()


def an_order(
    account: Account,
    amount_fen: int = 100_00,
    *,
    name: str = "alipay",
    key: str = "qr-1",
    at: datetime = ASKED_AT,
    adapter: GatewayAdapter | None = None,
    by_id: int | None = None,
    notify_url: str = NOWHERE,
) -> GatewayOrder:
    """A code that waits to be paid."""
    return gateway_orders.open_order(
        account_id=account.pk,
        amount_fen=amount_fen,
        gateway=adapter or gateway(name),
        key=key,
        at=at,
        now=clock.real_now(),
        channel_id=a_channel().pk,
        notify_url=notify_url,
        by_id=by_id,
    )
