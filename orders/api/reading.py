"""Reading a posted order: places, characteristics, and every fault at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bss.kernel.errors import BadInputError

Json = Mapping[str, Any]


@dataclass(slots=True)
class Faults:
    """What is wrong with the body so far; raised together when reading ends."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, sentence: str) -> None:
        self.found.append((place, sentence))

    def raise_if_any(self) -> None:
        if self.found:
            raise BadInputError(*self.found)


@dataclass(frozen=True, slots=True)
class Item:
    """One productOrderItem and where it stands in the body."""

    body: Json
    place: str
    faults: Faults

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def action(self) -> str:
        return str(self.body["action"])

    @property
    def offering(self) -> str:
        return str(self.body.get("productOffering", {}).get("id", ""))

    @property
    def product(self) -> Json:
        product: Json = self.body.get("product", {})
        return product

    @property
    def parts(self) -> tuple["Item", ...]:
        """The items inside this one."""
        return tuple(
            Item(part, f"{self.place}.productOrderItem.{index}", self.faults)
            for index, part in enumerate(self.body.get("productOrderItem", ()))
        )

    def related(self, kind: str) -> str:
        """The id of the item that this one names in a relationship of this kind."""
        for relation in self.body.get("productOrderItemRelationship", ()):
            if relation.get("relationshipType") == kind:
                return str(relation.get("id", ""))
        return ""

    def party(self, role: str) -> str:
        """The id of the product's related party in this role."""
        return party_id(self.product.get("relatedParty", ()), role)

    def has(self, name: str) -> bool:
        return name in self._values()

    def text(self, name: str, default: str = "") -> str:
        return str(self._typed(name, str, default))

    def whole(self, name: str) -> int | None:
        value = self._typed(name, int, None)
        return None if isinstance(value, bool) else value

    def flag(self, name: str, default: bool = False) -> bool:
        return bool(self._typed(name, bool, default))

    def texts(self, name: str) -> tuple[str, ...] | None:
        value = self._typed(name, list, None)
        return None if value is None else tuple(str(one) for one in value)

    def wrong(self, name: str, sentence: str) -> None:
        self.faults.add(f"{self.place}.{name}", sentence)

    def _values(self) -> dict[str, Any]:
        return {c["name"]: c["value"] for c in self.product.get("productCharacteristic", ())}

    def _typed(self, name: str, kind: type, default: Any) -> Any:
        value = self._values().get(name, default)
        if value is not default and not isinstance(value, kind):
            self.wrong(f"product.productCharacteristic.{name}", "特征值的类型不对，请对照接口文档")
            return default
        return value


def party_id(parties: Sequence[Json], role: str) -> str:
    """The id of the related party in this role; the only one may leave its role out."""
    for party in parties:
        if party.get("role") == role:
            return str(party["id"])
    return str(parties[0]["id"]) if len(parties) == 1 and "role" not in parties[0] else ""
