"""What a bundle costs a month.

Source: WSW 3.2 (scheme B at the catalogue's percentage of A), scenarios README "Bundles".
Units:  fen.
"""

from bss.kernel.units import Fen, half_up
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import Composition


def scheme_b_fee(tier_a_fen: int, *, percent: int) -> Fen:
    """Scheme B's monthly fee: the tier's A fee x percent / 100, half up to fen."""
    return Fen(half_up(tier_a_fen * percent, 100))


def bundle_fee(catalogue: Catalogue, *, offering: str, scheme: str, tier: int) -> Fen:
    """BUNDLE_FEE of a tier in a scheme."""
    tier_a_fen = catalogue.offering(offering).tiers[tier].monthly_fen
    if scheme == "B":
        return scheme_b_fee(tier_a_fen, percent=catalogue.scheme_b_percent)
    return tier_a_fen


def pack_fee(catalogue: Catalogue, composition: Composition) -> Fen:
    """PACK_FEE: the sum of all its packs."""
    return Fen(sum(catalogue.packs[pack.pack].monthly_fen for pack in composition.packs))


def scheme_b_price_holds(
    catalogue: Catalogue, *, offering: str, tier: int, plan_3g_fen: int
) -> bool:
    """B's fee plus the 3G plan's is not less than the same tier's A fee. Source: ELG-7."""
    tier_a_fen = catalogue.offering(offering).tiers[tier].monthly_fen
    fee_b_fen = scheme_b_fee(tier_a_fen, percent=catalogue.scheme_b_percent)
    return fee_b_fen + plan_3g_fen >= tier_a_fen
