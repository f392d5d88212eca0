"""Online money in the demo: codes that were paid, and a day of each gateway against our books."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from billing.gateways import protocol
from billing.gateways.alipay import unpacked
from billing.gateways.simulator.alipay import Alipay
from billing.gateways.simulator.keys import Side
from billing.gateways.simulator.trades import Trade, Trades, fresh_token
from billing.gateways.simulator.wechat import Wechat
from billing.models import Account, GatewayOrder
from billing.services import gateway_orders
from billing.services.gateway_settling import settle_trade
from billing.services.reconciling import take_statement
from bss.kernel.periods import BUSINESS_ZONE, business_date

NOBODY = Side(
    private_key="",
    merchant_key="",
    ids={"app_id": "2021000000000001", "mch_id": "1600000001", "api_key": ""},
)
"""Who gives statements in the demo; nothing is signed there."""
ALIPAY_ORDERS = 7
WECHAT_ORDERS = 3


class _Counter:
    """A gateway without a network: it keeps what is asked for."""

    def __init__(self, name: str, trades: Trades) -> None:
        self.name = name
        self._trades = trades

    def create(self, *, number: str, amount_fen: int, expires_at: datetime, **_: Any) -> str:
        trade = Trade(
            gateway=self.name,
            number=number,
            amount_fen=amount_fen,
            subject=gateway_orders.SUBJECT,
            notify_url="",
            expires_at=expires_at.isoformat(),
            token=fresh_token(),
            state="waiting",
            trade_no="",
            paid_at="",
        )
        return f"https://qr.example/{self._trades.create(trade).token}"


def bring_gateways(random: Random, *, at: datetime, channel_id: int, by_id: int) -> None:
    """Yesterday some paid by a code. Alipay's statement shows every kind of difference."""
    paid_at = (at - timedelta(days=1)).astimezone(BUSINESS_ZONE).replace(microsecond=0)
    accounts = list(Account.objects.order_by("pk")[: ALIPAY_ORDERS + WECHAT_ORDERS])
    with TemporaryDirectory(prefix="demo-gateways-") as directory:
        trades = Trades(Path(directory) / "trades.sqlite3")
        common: dict[str, Any] = {"at": paid_at, "channel_id": channel_id, "by_id": by_id}
        first = _ask(accounts[:ALIPAY_ORDERS], "alipay", trades, random, **common)
        second = _ask(accounts[ALIPAY_ORDERS:], "wechat", trades, random, **common)
        ours_alone, another_amount, unheard, *heard = first
        for order in (ours_alone, another_amount, *heard, *second):
            _hear_of(order, at=paid_at)
        for order in (unheard, *heard, *second):
            trades.pay(order.gateway, order.number, at=paid_at, amount_fen=None)
        trades.pay("alipay", another_amount.number, at=paid_at, amount_fen=1_00)
        _stranger(trades, at=paid_at)
        _reconcile(trades, day=business_date(paid_at), at=at)


def _ask(
    accounts: Sequence[Account],
    name: str,
    trades: Trades,
    random: Random,
    *,
    at: datetime,
    **who: Any,
) -> list[GatewayOrder]:
    adapter: Any = _Counter(name, trades)
    return [
        gateway_orders.open_order(
            account_id=account.pk,
            amount_fen=random.choice((50_00, 100_00, 126_50, 200_00)),
            gateway=adapter,
            key=f"demo-{name}-{account.pk}",
            at=at,
            now=at,
            notify_url="",
            **who,
        )
        for account in accounts
    ]


def _hear_of(order: GatewayOrder, *, at: datetime) -> None:
    trade = protocol.Trade(
        number=order.number,
        state=protocol.TradeState.PAID,
        amount_fen=order.amount_fen,
        trade_no=f"2026{order.pk:022d}",
        paid_at=at,
    )
    settle_trade(gateway=order.gateway, trade=trade, at=at)


def _stranger(trades: Trades, *, at: datetime) -> None:
    """Money of an order that is not ours."""
    _Counter("alipay", trades).create(number="POS0000000017", amount_fen=36_00, expires_at=at)
    trades.pay("alipay", "POS0000000017", at=at, amount_fen=None)


def _reconcile(trades: Trades, *, day: date, at: datetime) -> None:
    files = {
        "alipay": unpacked(Alipay(NOBODY, trades, url="").statement(day)),
        "wechat": Wechat(NOBODY, trades, url="").statement(day),
    }
    for name, file in files.items():
        take_statement(
            gateway=name,
            day=day,
            file=file,
            name=f"{name}-{day:%Y%m%d}.csv",
            fetched=True,
            today=business_date(at),
            at=at,
        )
