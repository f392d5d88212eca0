"""The simulated gateways in their own process, and the customers who pay there."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from billing.gateways.configured import gateway
from billing.gateways.protocol import GatewayAdapter, Trade, TradeState
from billing.models import Account, GatewayOrder, ReconciliationLine
from billing.services import gateway_orders
from billing.services.gateway_settling import settle_trade
from billing.services.reconciling import take_statement
from bss.kernel import clock
from bss.kernel.periods import business_date, day_start
from bss.kernel.units import yuan
from channels.models import Channel
from tests.builders.billing import a_channel, moment

ROOT = Path(__file__).resolve().parent.parent.parent
NOWHERE = "http://127.0.0.1:9/"
ASKED_AT = moment("2026-11-05T10:00")


class OnPaper:
    """Alipay without a network: gives codes; what is paid, a test says itself."""

    name = "alipay"

    def create(self, *, number: str, **_: Any) -> str:
        return f"https://qr.example/{number}"


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

    def create(self, name: str, number: str, amount_fen: int, *, notify_url: str = NOWHERE) -> None:
        """A trade that another till of the merchant has asked for."""
        self._control(
            {
                "do": "create",
                "gateway": name,
                "number": number,
                "amount_fen": amount_fen,
                "notify_url": notify_url,
            }
        )

    def pay_number(self, name: str, number: str, *, at: str) -> None:
        self._control({"do": "pay", "gateway": name, "number": number, "at": at, "notify": False})

    def notice_of(self, name: str, number: str) -> tuple[Mapping[str, str], bytes]:
        """What the gateway would send of a trade that is not ours."""
        told = self._control({"do": "notice", "gateway": name, "number": number})
        return told["headers"], told["body"].encode()

    def returned(self, order: GatewayOrder, **how: Any) -> None:
        """The gateway has sent back all it was asked for of a trade, at the moment ``at``."""
        self._tell("returned", order, **how)

    def trouble(self, *make: str) -> None:
        """What the next answers are like: ``cut``, ``forge``, ``busy``; "" is as it should be.

        Of refunds also ``slow``, ``short``, ``old`` and ``no``. Without any, all is forgotten.
        """
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


def a_statement(day: date, *rows: tuple[str, str, str]) -> str:
    """Alipay's statement of a day; ``rows`` are (trade, order, amount in yuan)."""
    paid = sum(round(Decimal(amount) * 100) for _, _, amount in rows)
    lines = [f"{trade},{number},交易,{day} 12:00:00,{amount}," for trade, number, amount in rows]
    return "\r\n".join(
        [
            f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]   终止日期：[]",
            "支付宝交易号,商户订单号,业务类型,完成时间,商家实收（元）,退款批次号/请求号",
            *lines,
            f"#交易合计：{len(rows)}笔，商家实收共{yuan(paid)}元",
            "#退款合计：0笔，商家实收退款共0.00元",
        ]
    )


def a_gateway_day(
    account: Account, place: int, *, channel: Channel | None = None, at: datetime = ASKED_AT
) -> ReconciliationLine:
    """A paid code, one that waits, and a day of the gateway that knows one trade more than we."""
    adapter: Any = OnPaper()
    day = business_date(at) - timedelta(days=30 + place)
    noon = day_start(day) + timedelta(hours=12)
    known, unheard = (
        gateway_orders.open_order(
            account_id=account.pk,
            amount_fen=amount_fen,
            gateway=adapter,
            key=f"gateway-{place}-{amount_fen}",
            at=at,
            now=at,
            channel_id=(channel or a_channel()).pk,
            notify_url=NOWHERE,
        )
        for amount_fen in (88_00, 66_00)
    )
    trade = Trade(
        number=known.number,
        state=TradeState.PAID,
        amount_fen=88_00,
        trade_no=f"T{place}",
        paid_at=noon,
    )
    settle_trade(gateway="alipay", trade=trade, at=at)
    file = a_statement(
        day, (f"T{place}", known.number, "88.00"), (f"U{place}", unheard.number, "66.00")
    )
    taken = take_statement(
        gateway="alipay",
        day=day,
        file=file.encode(),
        name="alipay.csv",
        today=business_date(at),
        at=at,
    )
    line: ReconciliationLine = taken.lines.get(order=unheard)
    return line
