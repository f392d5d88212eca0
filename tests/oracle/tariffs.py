"""Blocks of seconds (RAT-13) and minutes (RAT-1)."""

from typing import Any

from tests.oracle.amounts import hao


class NoTariffError(Exception):
    """There is no price for this."""


def minutes_of(duration_s: int) -> int:
    return -(-duration_s // 60)


def price_hao(tariff: dict[str, Any], kind: str, duration_s: int) -> int:
    """The first block whole, then each further started block."""
    if kind not in tariff:
        raise NoTariffError(kind)
    block = tariff[kind]
    if duration_s <= 0:
        return 0
    further_s = max(0, duration_s - block["first_s"])
    further = -(-further_s // block["next_s"])
    return hao(block["first"]) + further * hao(block["next"])


def unit_hao(tariff: dict[str, Any], kind: str) -> int:
    if kind not in tariff:
        raise NoTariffError(kind)
    return hao(tariff[kind])
