"""Questions to the catalogue, asked of the raw YAML each time."""

from typing import Any

from tests.oracle.amounts import fen, half_up, hao
from tests.oracle.reader import BadFileError


class Catalogue:
    def __init__(self, data: dict[str, Any]):
        self.data = data

    def plan(self, name: str) -> dict[str, Any]:
        return self._named("plan", self.data["plans"], name)

    def pack(self, name: str) -> dict[str, Any]:
        return self._named("pack", self.data["packs"], name)

    def offering(self, name: str) -> dict[str, Any]:
        return self._named("offering", self.data["bundles"], self.offering_name(name))

    def offering_name(self, name: str) -> str:
        return self.data["bundles"].get("aliases", {}).get(name, name)

    def tier(self, offering: str, tier: int) -> dict[str, Any]:
        tiers = {str(key): value for key, value in self.offering(offering)["tiers"].items()}
        return self._named("tier", tiers, str(tier))

    def monthly_fen(self, plan: str) -> int:
        return fen(self.plan(plan)["monthly"])

    def bundle_fen(self, offering: str, scheme: str, tier: int) -> int:
        full = fen(self.tier(offering, tier)["monthly"])
        if scheme == "A":
            return full
        return half_up(full * self.data["bundles"]["scheme_b_percent"], 100)

    def members(self, offering: str, scheme: str) -> dict[str, Any]:
        return self.offering(offering)[f"members_{scheme.lower()}"]

    def overflow_hao(self) -> int:
        return hao(self.data["bundles"]["overflow_per_minute"])

    def products_for(self, offering: str, service: str) -> list[str]:
        """The value-added products that the offering includes and that are for this service."""
        included = self.offering(offering).get("includes_vas", [])
        return [product for product in included if service in self.data["vas"].get(product, [])]

    def shares_minutes(self, pack: str) -> bool:
        return bool(self.pack(pack).get("adds_terminal") and self.pack(pack).get("minutes"))

    def needed_kbps(self, offering: str, packs: list[str]) -> int | None:
        """The broadband speed that the bundle needs: the highest of its packs, else its own."""
        speeds = [
            self.pack(name)["speed_kbps"] for name in packs if "speed_kbps" in self.pack(name)
        ]
        return max(speeds) if speeds else self.offering(offering).get("broadband_kbps")

    def has_static_ip(self, packs: list[str]) -> bool:
        return any(self.pack(name).get("static_ip") for name in packs)

    @staticmethod
    def _named(kind: str, table: dict[str, Any], name: str) -> dict[str, Any]:
        if name not in table:
            raise BadFileError(f"unknown {kind} {name!r}")
        return table[name]
