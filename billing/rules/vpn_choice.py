"""Which VPN group serves a call when caller and called share several.

Source: RAT-11 (有利用户 — what is better for the customer).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class VpnGroup:
    """``included_minutes`` None is unlimited; ``price_hao`` is a minute's price after them."""

    group: str
    price_hao: int
    included_minutes: int | None
    created_on: date


def choose_vpn_group(groups: Sequence[VpnGroup]) -> VpnGroup:
    """The cheapest after its minutes; then the one with more minutes; then the older group."""
    return min(
        groups,
        key=lambda group: (
            group.price_hao,
            group.included_minutes is not None,
            -(group.included_minutes or 0),
            group.created_on,
        ),
    )
