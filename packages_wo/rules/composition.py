"""What a bundle is made of, and what an opening or a change would make of it.

Source: scenarios README "Bundles"; CHG-7.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from customers.rules.services import BROADBAND, FIXED, M3G
from packages_wo.rules.catalogue import Catalogue, Offering

BASE = "base"
SHARED_TERMINAL = "shared_terminal"
VPN_TERMINAL = "vpn_terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackIn:
    """One pack, with its terminal when it adds one."""

    pack: str
    terminal: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A bundle as it is or will be: tier, scheme, base members, packs, who is the main number."""

    offering: str
    scheme: str
    tier: int
    base: tuple[int, ...]
    packs: tuple[PackIn, ...]
    main: int | None
    separate_3g: bool = False

    @property
    def terminals(self) -> tuple[int, ...]:
        return tuple(pack.terminal for pack in self.packs if pack.terminal is not None)

    @property
    def members(self) -> tuple[int, ...]:
        """Base members, then terminals, as the order names them."""
        return self.base + self.terminals

    def parts(self, catalogue: Catalogue) -> dict[int, str]:
        """What each is in the bundle: base member, shared-minute or VPN-only terminal."""
        parts = {
            pack.terminal: SHARED_TERMINAL
            if catalogue.packs[pack.pack].shares_minutes
            else VPN_TERMINAL
            for pack in self.packs
            if pack.terminal is not None
        }
        return parts | dict.fromkeys(self.base, BASE)

    def has_static_ip(self, catalogue: Catalogue) -> bool:
        return any(catalogue.packs[pack.pack].static_ip for pack in self.packs)

    def needed_kbps(self, catalogue: Catalogue) -> int | None:
        """The speed its broadband has: of several upgrade packs the highest, else the offering's.

        Source: PAR-2.
        """
        speeds = [catalogue.packs[pack.pack].speed_kbps or 0 for pack in self.packs]
        return max(speeds, default=0) or catalogue.offering(self.offering).broadband_kbps


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Who stays, leaves and joins between two compositions, each in the bundle's order."""

    stay: tuple[int, ...]
    leave: tuple[int, ...]
    join: tuple[int, ...]


def has_bundle_plan(*, part: str, service: str) -> bool:
    """Whether its plan reads OFFERING-SCHEME-TIER: not 3G, not VPN-only terminals."""
    return part != VPN_TERMINAL and service != M3G


def paid_by_unified_account(*, part: str, service: str, separate_3g: bool) -> bool:
    """Whether the unified account pays its charges. Source: ACC-7, PAR-8."""
    if part == VPN_TERMINAL:
        return False
    return not (separate_3g and part == BASE and service == M3G)


def bundle_plan_code(*, offering: str, scheme: str, tier: int) -> str:
    """The plan that members show while the bundle is in force: ``basic-A-106``."""
    return f"{offering}-{scheme}-{tier}"


def main_number(
    base: tuple[int, ...], *, wanted: int | None, services: Mapping[int, str]
) -> int | None:
    """The wanted base member, else the first fixed one, else the first."""
    if wanted in base:
        return wanted
    fixed = [member for member in base if services.get(member) == FIXED]
    return next(iter(fixed or base), None)


def compose_change(
    current: Composition,
    *,
    tier: int,
    add: Iterable[int],
    remove: Iterable[int],
    packs: tuple[PackIn, ...] | None,
    services: Mapping[int, str],
    offering: Offering,
) -> Composition:
    """What a change makes of the bundle in force.

    Those who stay keep their order, the new ones come last. A removed terminal takes its pack with
    it. Scheme B without its 3G member is scheme A (CHG-7).
    """
    leaving = set(remove)
    base = tuple(member for member in current.base if member not in leaving) + tuple(add)
    scheme = current.scheme
    if scheme == "B" and M3G in offering.members_b.required:
        scheme = "B" if any(services.get(member) == M3G for member in base) else "A"
    if packs is None:
        packs = tuple(pack for pack in current.packs if pack.terminal not in leaving)
    return replace(
        current,
        scheme=scheme,
        tier=tier,
        base=base,
        packs=_staying_first(packs, current.terminals),
        main=main_number(base, wanted=current.main, services=services),
    )


def moves_between(before: Composition, after: Composition) -> Moves:
    """Who stays, leaves and joins."""
    were, are = set(before.members), set(after.members)
    return Moves(
        stay=tuple(member for member in before.members if member in are),
        leave=tuple(member for member in before.members if member not in are),
        join=tuple(member for member in after.members if member not in were),
    )


def broadband_member(composition: Composition, services: Mapping[int, str]) -> int | None:
    """The base member that is the broadband, if there is one."""
    found = [member for member in composition.base if services.get(member) == BROADBAND]
    return found[0] if found else None


def _staying_first(packs: tuple[PackIn, ...], terminals: tuple[int, ...]) -> tuple[PackIn, ...]:
    """Packs of terminals that stay in their old order, then those of new ones, then the others."""

    def place(pack: PackIn) -> tuple[int, int]:
        if pack.terminal is None:
            return 2, 0
        return (0, terminals.index(pack.terminal)) if pack.terminal in terminals else (1, 0)

    return tuple(sorted(packs, key=place))
