"""VAT in a price, and the kind of charge that decides its rate.

Source: BIL-4.
"""

from bss.kernel.units import Fen, half_up

KIND_OF_ITEM = {
    "SMS": "sms",
    "DATA": "data",
    "INFO_FEE": "info_fee",
    "ONE_OFF_FEE": "installation",
}
VOICE = "voice"
BROADBAND = "broadband"


def kind_of_item(item: str) -> str:
    """The kind of charge, as the catalogue's tax table names it, of a usage item."""
    return KIND_OF_ITEM.get(item, VOICE)


def kind_of_service(service: str) -> str:
    """The kind of charge of a monthly fee for this service."""
    return BROADBAND if service == "broadband" else VOICE


def tax_in(amount_fen: int, *, percent: int) -> Fen:
    """The tax in an amount that includes it: round half up(amount x rate / (100 + rate))."""
    return Fen(half_up(amount_fen * percent, 100 + percent))
