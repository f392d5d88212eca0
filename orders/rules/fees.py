"""What single-user business costs once."""

from packages_wo.rules.catalogue import Fees


def single_fee_fen(type_: str, fees: Fees) -> int:
    """What a single-user business costs once; most cost nothing."""
    return {
        "change_number": fees.number_change_fen,
        "replace_sim": fees.sim_replacement_fen,
        "transfer": fees.transfer_fen,
    }.get(type_, 0)
