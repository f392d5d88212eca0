"""Where a posted line is to be installed: its product's ``place``, named or taken apart.

The official document leaves a place's own attributes to its ``@type``; those of a
``GeographicAddress`` are joined in the order in which an address is written here.
"""

from orders.api.reading import Item, Json
from orders.rules.requests import AT_AN_ADDRESS

INSTALLATION = "installationAddress"
PARTS = ("stateOrProvince", "city", "locality", "streetName", "streetNr")
ADDRESS_AT_MOST = 120
OTHER_ROLE = "地点的角色应为 installationAddress（装机地址）"
CHARACTERISTIC = "installAddress"


def install_address_of(part: Item) -> str:
    """The address of a new line; a fault where one is needed and none can be read.

    ``place`` goes before the characteristic ``installAddress``, which older callers send.
    """
    places = list(enumerate(part.product.get("place", ())))
    for number, place in places:
        if place["role"] != INSTALLATION:
            part.wrong(f"product.place.{number}.role", OTHER_ROLE)
    if len(places) > 1:
        part.wrong("product.place", "一个新装用户只有一个装机地址")
    where, address = f"product.productCharacteristic.{CHARACTERISTIC}", part.text(CHARACTERISTIC)
    if places:
        where, address = "product.place.0", _written(places[0][1])
    if not address and (places or part.text("service") in AT_AN_ADDRESS):
        part.wrong("product.place", "请给出装机地址：place 的 name，或 GeographicAddress 的各项")
    if len(address) > ADDRESS_AT_MOST:
        part.wrong(where, "装机地址太长，请控制在 120 个字以内")
    return address


def _written(place: Json) -> str:
    """The line that the place names, else its parts without gaps."""
    parts = [place.get(name) for name in PARTS]
    name = place.get("name", "")
    return name.strip() or "".join(part.strip() for part in parts if isinstance(part, str))
