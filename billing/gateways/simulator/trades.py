"""The trades of the simulated gateways, in a file: a killed simulator has forgotten nothing."""

import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

ZONE = timezone(timedelta(hours=8))

TABLES = """
CREATE TABLE IF NOT EXISTS trade (
    gateway TEXT, number TEXT, amount_fen INTEGER, subject TEXT, notify_url TEXT,
    expires_at TEXT, token TEXT UNIQUE, state TEXT, trade_no TEXT, paid_at TEXT,
    PRIMARY KEY (gateway, number));
CREATE TABLE IF NOT EXISTS sent_back (
    gateway TEXT, refund_number TEXT, number TEXT, amount_fen INTEGER, at TEXT, state TEXT,
    PRIMARY KEY (gateway, refund_number));
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One trade; ``state`` is waiting, paid or closed."""

    gateway: str
    number: str
    amount_fen: int
    subject: str
    notify_url: str
    expires_at: str
    token: str
    state: str
    trade_no: str
    paid_at: str

    @property
    def paid(self) -> datetime:
        return datetime.fromisoformat(self.paid_at)

    @property
    def can_be_paid(self) -> bool:
        """By the customer: an expired code is refused."""
        alive = datetime.now(ZONE) < datetime.fromisoformat(self.expires_at)
        return self.state == "waiting" and alive


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    gateway: str
    refund_number: str
    number: str
    amount_fen: int
    at: str
    state: str = "done"


class Trades:
    """Every call is a transaction of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as base:
            base.executescript(TABLES)

    def create(self, trade: Trade) -> Trade:
        """The same order again is the first one."""
        with self._open() as base:
            base.execute(
                "INSERT OR IGNORE INTO trade VALUES (:gateway, :number, :amount_fen, :subject,"
                " :notify_url, :expires_at, :token, :state, :trade_no, :paid_at)",
                _values(trade),
            )
        found = self.find(trade.gateway, trade.number)
        assert found is not None
        return found

    def find(self, gateway: str, number: str) -> Trade | None:
        return self._one("gateway = ? AND number = ?", gateway, number)

    def by_token(self, token: str) -> Trade | None:
        return self._one("token = ?", token)

    def pay(self, gateway: str, number: str, *, at: datetime, amount_fen: int | None) -> None:
        with self._open() as base:
            base.execute(
                "UPDATE trade SET state = 'paid', paid_at = ?, trade_no = ?,"
                " amount_fen = coalesce(?, amount_fen)"
                " WHERE gateway = ? AND number = ? AND state <> 'paid'",
                [at.isoformat(), _trade_no(at), amount_fen, gateway, number],
            )

    def close(self, gateway: str, number: str) -> None:
        with self._open() as base:
            base.execute(
                "UPDATE trade SET state = 'closed'"
                " WHERE gateway = ? AND number = ? AND state = 'waiting'",
                [gateway, number],
            )

    def refund(self, refund: Refund) -> Refund:
        """The same number again is the first one."""
        with self._open() as base:
            base.execute(
                "INSERT OR IGNORE INTO sent_back VALUES"
                " (:gateway, :refund_number, :number, :amount_fen, :at, :state)",
                {name: getattr(refund, name) for name in Refund.__slots__},
            )
        found = self.find_refund(refund.gateway, refund.refund_number)
        assert found is not None
        return found

    def find_refund(self, gateway: str, refund_number: str) -> Refund | None:
        with self._open() as base:
            row = base.execute(
                "SELECT * FROM sent_back WHERE gateway = ? AND refund_number = ?",
                [gateway, refund_number],
            ).fetchone()
        return Refund(**dict(row)) if row else None

    def end_refunds(self, gateway: str, number: str, *, at: datetime) -> None:
        """All of a trade are done, at this moment."""
        with self._open() as base:
            base.execute(
                "UPDATE sent_back SET state = 'done', at = ? WHERE gateway = ? AND number = ?",
                [at.isoformat(), gateway, number],
            )

    def refunded_fen(self, gateway: str, number: str) -> int:
        with self._open() as base:
            [(found,)] = base.execute(
                "SELECT coalesce(sum(amount_fen), 0) FROM sent_back"
                " WHERE gateway = ? AND number = ?",
                [gateway, number],
            )
        return int(found)

    def paid_on(self, gateway: str, day: date) -> list[Trade]:
        with self._open() as base:
            rows = base.execute(
                "SELECT * FROM trade WHERE gateway = ? AND state = 'paid' AND paid_at LIKE ?"
                " ORDER BY paid_at, number",
                [gateway, f"{day.isoformat()}%"],
            )
            return [Trade(**dict(row)) for row in rows]

    def refunds_on(self, gateway: str, day: date) -> list[tuple[Refund, Trade]]:
        with self._open() as base:
            rows = base.execute(
                "SELECT * FROM sent_back WHERE gateway = ? AND at LIKE ? AND state = 'done'"
                " ORDER BY at",
                [gateway, f"{day.isoformat()}%"],
            )
            found = [Refund(**dict(row)) for row in rows]
        trades = ((refund, self.find(gateway, refund.number)) for refund in found)
        return [(refund, trade) for refund, trade in trades if trade is not None]

    def _one(self, where: str, *values: str) -> Trade | None:
        with self._open() as base:
            row = base.execute(f"SELECT * FROM trade WHERE {where}", values).fetchone()
        return Trade(**dict(row)) if row else None

    def _open(self) -> "_Base":
        return _Base(self._path)


class _Base:
    """A connection for one transaction, closed after it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=10)
        self._connection.row_factory = sqlite3.Row

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, kind: object, *_: object) -> None:
        with closing(self._connection) as base:
            if kind is None:
                base.commit()


def fresh_token() -> str:
    return secrets.token_urlsafe(12)


def _trade_no(at: datetime) -> str:
    return f"{at:%Y%m%d}22001{secrets.randbelow(10**12):012}"


def _values(trade: Trade) -> dict[str, object]:
    return {name: getattr(trade, name) for name in Trade.__slots__}
