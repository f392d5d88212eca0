"""What a month's usage comes to under other shared allowances: the adviser's specification.

Nothing but the limits of what a bundle's members share is another; who draws first, the prices and
what each record asks for stay (RAT-2, RAT-8, RAT-9). The columns of ``billing.batch.advice`` do the
same for many bundles at once.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from billing.rules.drawing import draw_month
from billing.rules.rating_facts import Basis
from bss.kernel.units import Fen, half_up

HAO_PER_FEN = 100
FEES = ("BUNDLE_FEE", "PACK_FEE")
"""What another combination replaces, beside the usage that shares minutes."""
SHARED_ITEMS = ("VOICE_LOCAL", "VOICE_DOMESTIC", "VOICE_SERVICE", "VOICE_VPN", "VOICE_FORWARD")
"""The items of all records that may draw on what a bundle's members share."""
OUTSIDE = ("ONE_OFF_FEE", "LATE_USAGE", "ADJUSTMENT", "LATE_FEE")
"""Charge items that say nothing of the month they stand in: not compared."""


def usage_fen(
    records: Iterable[tuple[str, Basis]],
    *,
    bundle: str,
    pool_minutes: int,
    vpn_minutes: int | None,
) -> Fen:
    """The usage of (subscription, record) pairs with these allowances of the bundle.

    Rounded once per line, as a bill is (GEN-3); information fees are a line of their own.
    """
    limits = {"pool": pool_minutes, "vpn": vpn_minutes}
    owners, bases = {}, []
    for subscription, basis in records:
        owners[basis.record_id] = subscription
        bases.append(_with_limits(basis, bundle=bundle, limits=limits))
    lines: Counter[tuple[str, str]] = Counter()
    for rated in draw_month(bases):
        owner = owners[rated.record_id]
        lines[owner, rated.item] += rated.amount_hao
        lines[owner, "INFO_FEE"] += rated.info_fee_hao
    return Fen(sum(half_up(hao, HAO_PER_FEN) for hao in lines.values()))


def _with_limits(basis: Basis, *, bundle: str, limits: dict[str, int | None]) -> Basis:
    draws = tuple(
        replace(one, limit=limits[one.kind]) if one.owner == bundle and one.kind in limits else one
        for one in basis.draws
    )
    return replace(basis, draws=draws)
