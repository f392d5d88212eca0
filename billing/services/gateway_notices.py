"""Notifications 支付通知: whoever knocks, only what the gateway signed for us is believed."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from billing.gateways.protocol import ForgedError, GatewayAdapter, Reply, Trade
from billing.models import GatewayNotice, GatewayOrder
from billing.queries.locked import lock_key
from billing.services.gateway_settling import settle_trade

Verdict = GatewayNotice.Verdict


@transaction.atomic
def receive(
    *,
    gateway: GatewayAdapter,
    headers: Mapping[str, str],
    body: bytes,
    at: datetime,
    now: datetime,
) -> Reply:
    """Check a notification, book what it says, keep what was made of it; all or nothing.

    Units: ``now`` is technical time.
    Locks: the notification, then as ``settle_trade``.
    """
    digest = hashlib.sha256(body).hexdigest()
    lock_key(f"notice:{gateway.name}:{digest}")
    try:
        trade = gateway.read_notice(headers=headers, body=body, now=now)
    except ForgedError as forged:
        _keep(gateway.name, digest, Verdict.FORGED, now=now, reason=str(forged)[:200])
        return gateway.reply(heard=False)
    verdict, order = settle_trade(gateway=gateway.name, trade=trade, at=at)
    _keep(gateway.name, digest, verdict, now=now, trade=trade, order=order)
    return gateway.reply(heard=True)


def _keep(
    gateway: str,
    digest: str,
    verdict: GatewayNotice.Verdict,
    *,
    now: datetime,
    trade: Trade | None = None,
    order: GatewayOrder | None = None,
    reason: str = "",
) -> None:
    """One row per body; the same again is counted, and what was first made of it stays."""
    same = GatewayNotice.objects.filter(gateway=gateway, digest=digest)
    if same.update(times=F("times") + 1, last_at=now):
        return
    GatewayNotice.objects.create(
        gateway=gateway,
        digest=digest,
        received_at=now,
        last_at=now,
        verdict=verdict,
        order=order,
        number=trade.number[:64] if trade else "",
        trade_no=trade.trade_no[:64] if trade else "",
        amount_fen=trade.amount_fen if trade else None,
        reason=reason,
    )
