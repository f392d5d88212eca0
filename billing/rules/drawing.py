"""Serving the records of a month from the allowances, in the order in which the calls ended.

Source: RAT-2, RAT-8, RAT-9, RAT-10, RAT-12, RAT-14, RAT-16.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing.rules.rating_facts import Allowance, Basis
from billing.rules.tariffs import UnitPrice, price_blocks

AllowanceKey = tuple[str, str]
"""Kind and owner of an allowance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A priced record: what it drew of which allowance, what was left to charge, what it costs.

    Units: ``vpn_minutes``, ``pool_minutes`` minutes; ``plan_units`` and ``charged_units``
    minutes, texts or KB as the record's kind is. ``amount_hao`` is without the information fee.
    """

    basis: Basis
    vpn_minutes: int = 0
    pool_minutes: int = 0
    plan_units: int = 0
    charged_units: int = 0
    amount_hao: int = 0

    @property
    def record_id(self) -> str:
        return self.basis.record_id

    @property
    def item(self) -> str:
        return self.basis.item

    @property
    def info_fee_hao(self) -> int:
        return self.basis.info_fee_hao


def draw_month(
    records: Iterable[Basis], *, used: Mapping[AllowanceKey, int] | None = None
) -> list[Rated]:
    """Price the records of a month, served by end time, then record id.

    ``used`` is what closed lines have drawn already: late usage is served as it came, by what
    they left (RAT-14).
    """
    if used is not None:
        drawn_so_far = dict(used)
        return [_serve(basis, drawn_so_far) for basis in records]
    drawn_so_far = {}
    in_order = sorted(records, key=lambda basis: (basis.end_at, basis.record_id))
    return [_serve(basis, drawn_so_far) for basis in in_order]


def _serve(basis: Basis, drawn_so_far: dict[AllowanceKey, int]) -> Rated:
    drawn = {"vpn": 0, "pool": 0, "plan": 0}
    wanted = basis.quantity
    for allowance in basis.draws:
        taken = _take(allowance, wanted, drawn_so_far)
        drawn[allowance.kind if allowance.kind in drawn else "plan"] += taken
        wanted -= taken
    covered = basis.quantity - wanted
    is_charged = basis.rest is not None
    return Rated(
        basis=basis,
        vpn_minutes=drawn["vpn"],
        pool_minutes=drawn["pool"],
        plan_units=drawn["plan"],
        charged_units=wanted if is_charged else 0,
        amount_hao=basis.surcharge_hao + _rest_hao(basis, covered=covered),
    )


def _take(allowance: Allowance, wanted: int, drawn_so_far: dict[AllowanceKey, int]) -> int:
    key = (allowance.kind, allowance.owner)
    before = drawn_so_far.get(key, 0)
    left = wanted if allowance.limit is None else max(0, allowance.limit - before)
    taken = min(wanted, left)
    drawn_so_far[key] = before + taken
    return taken


def _rest_hao(basis: Basis, *, covered: int) -> int:
    if basis.rest is None:
        return 0
    if isinstance(basis.rest, UnitPrice):
        return (basis.quantity - covered) * basis.rest.unit_hao
    return price_blocks(basis.rest, duration_s=basis.duration_s, covered_minutes=covered)
