"""QR orders 扫码订单: asked for, shown as a code, closed when nobody pays.

The gateway is never called inside a transaction: what we asked of it is on record before, so that
whatever breaks in between is found again by asking (``gateway_looks``).
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from billing.gateways.protocol import GatewayAdapter, NoAnswerError, SaidNoError
from billing.models import Account, GatewayOrder
from billing.queries.locked import lock_gateway_order, lock_key
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from bss.kernel.rulebook import refuse

SUBJECT = "通信费缴费"
FIRST_LOOK_S = 60
NO_CODE = "网关没有应答，还没有二维码；请再取一次。"
AMOUNT_AT_MOST_FEN = 50_000_00


def open_order(
    *,
    account_id: int,
    amount_fen: int,
    gateway: GatewayAdapter,
    key: str,
    at: datetime,
    now: datetime,
    channel_id: int,
    notify_url: str,
    by_id: int | None = None,
) -> GatewayOrder:
    """Ask for a QR code over an amount; the same key again gives the same order.

    A gateway that does not answer leaves an open order without a code: fetch it again.
    Units:  ``now`` is technical time, by which the gateway lives.
    Source: PAY-1.
    Raises: RefusedError (PAY-1: the key came with something else); BadInputError.
    """
    order = _record(
        account_id=account_id,
        amount_fen=amount_fen,
        gateway=gateway.name,
        key=key,
        at=at,
        now=now,
        channel_id=channel_id,
        by_id=by_id,
    )
    if order.state == GatewayOrder.State.OPEN and not order.code_url:
        fetch_code(order, gateway=gateway, at=at, notify_url=notify_url)
    return order


def fetch_code(
    order: GatewayOrder, *, gateway: GatewayAdapter, at: datetime, notify_url: str
) -> None:
    """Have the gateway register the order, or say again what its code is."""
    try:
        code_url = gateway.create(
            number=order.number,
            amount_fen=order.amount_fen,
            subject=SUBJECT,
            expires_at=order.expires_at,
            notify_url=notify_url,
        )
    except NoAnswerError:
        _keep(order, problem=NO_CODE)
    except SaidNoError as no:
        close_here(order, at=at, problem=str(no))
    else:
        _keep(order, code_url=code_url, problem="")


@transaction.atomic
def close_here(order: GatewayOrder, *, at: datetime, problem: str = "") -> None:
    """Close our side, when the gateway takes no money for it any more.

    ``problem``: the gateway's own words, where it refused the order.
    Locks: the order; one that was paid meanwhile stays paid.
    """
    locked = lock_gateway_order(order.gateway, order.number)
    assert locked is not None  # orders are never deleted
    if locked.state == GatewayOrder.State.OPEN:
        locked.close(at=at, problem=problem[:200])
        locked.save()
        record("gateway_order.close", locked, at=at, by_id=None)
    order.refresh_from_db()


def record(action: str, order: GatewayOrder, *, at: datetime, by_id: int | None) -> None:
    """Write into the audit what became of an order."""
    audit.record(
        action=action,
        subject=f"gateway_order:{order.pk}",
        customer_id=order.account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"amount_fen": order.amount_fen, "gateway": order.gateway, "number": order.number},
    )


@transaction.atomic
def _record(
    *,
    account_id: int,
    amount_fen: int,
    gateway: str,
    key: str,
    at: datetime,
    now: datetime,
    channel_id: int,
    by_id: int | None,
) -> GatewayOrder:
    """The order on our side, before anybody else hears of it. Locks: the key."""
    if not 0 < amount_fen <= AMOUNT_AT_MOST_FEN:
        raise BadInputError(("amount", "扫码收款每笔须大于零，不超过 50000 元。"))
    lock_key(key)
    before = GatewayOrder.objects.filter(key=key).first()
    if before is not None:
        if (before.account_id, before.amount_fen, before.gateway) == (
            account_id,
            amount_fen,
            gateway,
        ):
            return before
        raise refuse("PAY-1", "流水号 %(key)s 已用于另一笔收款，请核对", key=key)
    account = Account.objects.get(pk=account_id)
    order: GatewayOrder = GatewayOrder.objects.create(
        number=_fresh_number(at),
        key=key,
        gateway=gateway,
        account=account,
        amount_fen=amount_fen,
        channel_id=channel_id,
        asked_by_id=by_id,
        asked_at=at,
        expires_at=now + timedelta(minutes=settings.QR_VALID_MINUTES),
        look_after=now + timedelta(seconds=FIRST_LOOK_S),
    )
    record("gateway_order.open", order, at=at, by_id=by_id)
    return order


def _fresh_number(at: datetime) -> str:
    """Unique at the gateway for ever, and not to be guessed."""
    return f"WO{business_date(at):%y%m%d}{secrets.randbelow(10**12):012}"


def _keep(order: GatewayOrder, **columns: str) -> None:
    GatewayOrder.objects.filter(pk=order.pk, state=GatewayOrder.State.OPEN).update(**columns)
    order.refresh_from_db()
