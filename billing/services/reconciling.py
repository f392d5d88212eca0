"""Reconciliation 网关对帐: a gateway's statement of a day against our books, each day once."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from billing.batch.match_statement import match_statement
from billing.gateways.protocol import GatewayAdapter
from billing.models import Reconciliation
from billing.queries.locked import lock_key
from billing.rules.gateway_statements import Statement, read_statement
from billing.services.gateway_strangers import hold_stated
from bss.kernel import audit, notices
from bss.kernel.errors import BadInputError, Sentence

SAME_FILE = "这个文件已在 %(at)s 对过帐，没有重复处理。"
SAME_DAY = "%(gateway)s %(day)s 已经对过帐；对帐单一天只对一次，差异请在那一天处理。"
FUTURE = "%(day)s 还没有过完，网关没有这天的对帐单。"
FOUND = "%(gateway)s %(day)s 对帐有 %(n)s 处差异，请处理。"


def fetch_statement(
    *,
    gateway: GatewayAdapter,
    day: date,
    today: date,
    at: datetime,
    by_id: int | None = None,
) -> Reconciliation:
    """Have the gateway give its statement of a day, and take it.

    Units:  ``today`` is the gateway's day, by the world's clock.
    Raises: GatewayError; BadInputError as ``take_statement``.
    """
    _check_day(gateway.name, day, today=today)
    return take_statement(
        gateway=gateway.name,
        day=day,
        file=gateway.fetch_statement(day=day),
        name=f"{gateway.name}-{day:%Y%m%d}",
        fetched=True,
        today=today,
        at=at,
        by_id=by_id,
    )


@transaction.atomic
def take_statement(
    *,
    gateway: str,
    day: date,
    file: bytes,
    name: str,
    today: date,
    at: datetime,
    fetched: bool = False,
    by_id: int | None = None,
) -> Reconciliation:
    """Read a day's statement and write down what agrees and what does not.

    Money of an order that we do not know is on the unidentified ledger in the same moment.
    Locks:  the gateway's day.
    Raises: BadInputError: the file or the day was taken before, or it is half a file.
    """
    lock_key(f"statement:{gateway}:{day}")
    checksum, of_the_day = _checksum(file), _checksum(file, day=day)
    taken_before = Reconciliation.objects.filter(checksum__in=(checksum, of_the_day))
    if (before := taken_before.first()) is not None:
        raise BadInputError(("file", Sentence(SAME_FILE, at=f"{before.taken_at:%Y-%m-%d %H:%M}")))
    _check_day(gateway, day, today=today)
    statement = read_statement(gateway, file, day=day)
    taken: Reconciliation = Reconciliation.objects.create(
        gateway=gateway,
        day=day,
        checksum=checksum if statement.trades or statement.bad else of_the_day,
        file_name=name[:120],
        fetched=fetched,
        taken_at=at,
        taken_by_id=by_id,
        rows=len(statement.trades) + len(statement.bad),
        paid_fen=statement.paid_fen,
        refunded_fen=statement.refunded_fen,
    )
    found = match_statement(taken, statement)
    held, held_fen = hold_stated(taken, at=at, by_id=by_id)
    _record(taken, {**found, "held": held, "held_fen": held_fen}, statement, at=at, by_id=by_id)
    differences = sum(count for kind, count in found.items() if kind != "matched")
    if differences:
        notices.notify_holders(
            permission="reconciliation.handle",
            text=Sentence(FOUND, gateway=taken.get_gateway_display(), day=day, n=differences),
            url=f"/billing/reconciliations/{taken.pk}",
            at=at,
        )
    return taken


def _checksum(file: bytes, *, day: date | None = None) -> str:
    """Files of days without trades are all alike: they are told apart by their ``day``."""
    return hashlib.sha256((str(day).encode() if day else b"") + file).hexdigest()


def _check_day(gateway: str, day: date, *, today: date) -> None:
    if day >= today:
        raise BadInputError(("day", Sentence(FUTURE, day=day)))
    if (before := Reconciliation.objects.filter(gateway=gateway, day=day).first()) is not None:
        facts = {"gateway": before.get_gateway_display(), "day": day}
        raise BadInputError(("day", Sentence(SAME_DAY, **facts)))


def _record(
    taken: Reconciliation,
    found: Mapping[str, int],
    statement: Statement,
    *,
    at: datetime,
    by_id: int | None,
) -> None:
    audit.record(
        action="reconciliation.take",
        subject=f"reconciliation:{taken.pk}",
        staff_id=by_id,
        at=at,
        detail={
            "gateway": taken.gateway,
            "day": taken.day.isoformat(),
            "checksum": taken.checksum,
            "paid_fen": statement.paid_fen,
            "refunded_fen": statement.refunded_fen,
            **found,
        },
    )
