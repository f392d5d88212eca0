"""What the customers and the tests do to the simulated gateways: pay, notify, make trouble."""

import json
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from billing.gateways.simulator.alipay import Alipay
from billing.gateways.simulator.keys import ensure
from billing.gateways.simulator.trades import ZONE, Trade, Trades, fresh_token
from billing.gateways.simulator.wechat import Wechat

NOTIFY_TIMEOUT_S = 10


@dataclass
class World:
    """Both gateways with their trades, and the trouble they were told to make."""

    directory: Path
    url: str
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        sides = ensure(self.directory, url=self.url)
        self.trades = Trades(self.directory / "simulator.sqlite3")
        self.alipay = Alipay(sides["alipay"], self.trades, url=self.url)
        self.wechat = Wechat(sides["wechat"], self.trades, url=self.url)

    def trouble(self) -> str:
        """The next trouble to make with an answer; "" for none.

        ``cut``, ``forge``, ``busy``; of a refund ``slow``, ``short``, ``old`` and ``no``.
        """
        with self.lock:
            return self.troubles.pop(0) if self.troubles else ""

    def told(self, asked: dict[str, Any]) -> dict[str, Any]:
        """One line of the control address.

        ``pay`` a trade (``amount_fen``, ``at`` and ``notify`` may be said), make a ``notice`` of
        it or ``send`` one (``forge``, ``stale``, other ``changes`` of its content), ``create`` one
        that the house does not know, end its refunds (``returned``, ``at`` a moment), ``trouble``.
        """
        what = asked.pop("do")
        if what == "trouble":
            with self.lock:
                self.troubles[:] = asked["make"]
            return {}
        name, number = asked.pop("gateway"), asked.pop("number")
        if what == "create":
            self.trades.create(_strange(name, number, **asked))
            return {}
        trade = self.trades.find(name, number)
        if trade is None:
            return {"fault": "there is no such trade"}
        if what == "returned":
            self.trades.end_refunds(name, number, at=_moment(asked.get("at")))
            return {}
        if what == "pay":
            return self.pay(trade, **asked)
        headers, body = self._notice(trade, **asked)
        if what == "send":
            return {"status": deliver(trade.notify_url, headers, body)}
        return {"headers": headers, "body": body.decode()}

    def pay(
        self,
        trade: Trade,
        *,
        amount_fen: int | None = None,
        at: str = "",
        notify: bool = True,
    ) -> dict[str, Any]:
        """The customer pays. It is done whether or not the notification is heard."""
        moment = _moment(at)
        self.trades.pay(trade.gateway, trade.number, at=moment, amount_fen=amount_fen)
        paid = self.trades.find(trade.gateway, trade.number)
        assert paid is not None
        status = deliver(paid.notify_url, *self._notice(paid)) if notify else None
        return {"trade_no": paid.trade_no, "status": status}

    def _notice(self, trade: Trade, **changes: Any) -> tuple[dict[str, str], bytes]:
        maker = self.alipay if trade.gateway == "alipay" else self.wechat
        changed = changes.pop("changes", {})
        return maker.notice(trade, **changes, **changed)


def _strange(gateway: str, number: str, *, amount_fen: int, notify_url: str = "") -> Trade:
    """A trade of the merchant's that another till has asked for."""
    return Trade(
        gateway=gateway,
        number=number,
        amount_fen=amount_fen,
        subject="",
        notify_url=notify_url,
        expires_at=(datetime.now(ZONE) + timedelta(hours=1)).isoformat(),
        token=fresh_token(),
        state="waiting",
        trade_no="",
        paid_at="",
    )


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text) if text else datetime.now(ZONE).replace(microsecond=0)


def deliver(url: str, headers: dict[str, str], body: bytes) -> int:
    """POST a notification; the status that came back, 0 when nobody answered."""
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=NOTIFY_TIMEOUT_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)
    except OSError:
        return 0


def as_json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
