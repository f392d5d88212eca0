"""Numbers of the real Chinese number plan: the operator's segments of each city, and others'."""

from functools import cache
from random import Random

from phonenumbers.geodata import GEOCODE_DATA

from bss.demo.operator import CITIES

PREFIXES_2G = ("130", "131", "132", "155")
PREFIXES_3G = ("186", "156")
PREFIXES_OF_OTHERS = ("133", "135", "138", "139", "150", "158", "189")
LINE_BLOCKS = ("85", "86", "87")


class Numbers:
    """Hands out numbers that nobody has yet."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.taken: set[str] = set()

    def mobile(self, area: str, *, service: str) -> str:
        prefixes = PREFIXES_3G if service == "m3g" else PREFIXES_2G
        segments = segments_of(area, prefixes)
        return self._new(
            lambda: f"{self.random.choice(segments)}{self.random.randrange(10_000):04d}"
        )

    def fixed(self, area: str) -> str:
        return self._new(
            lambda: f"{area}{self.random.choice(LINE_BLOCKS)}{self.random.randrange(1_000_000):06d}"
        )

    def broadband(self, area: str) -> str:
        return self._new(lambda: f"{area}9{self.random.randrange(10_000_000):07d}")

    def of_others(self, area: str) -> str:
        """A mobile number of another operator in the same city; it may come more than once."""
        segments = segments_of(area, PREFIXES_OF_OTHERS)
        return f"{self.random.choice(segments)}{self.random.randrange(10_000):04d}"

    def _new(self, draw) -> str:  # type: ignore[no-untyped-def]
        while (number := draw()) in self.taken:
            pass
        self.taken.add(number)
        return str(number)


@cache
def segments_of(area: str, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """The 7-digit segments of the city with these prefixes, sorted."""
    return tuple(segment for segment in _segments()[area] if segment[:3] in prefixes)


@cache
def _segments() -> dict[str, list[str]]:
    """Every mobile segment of our cities, sorted; the plan has half a million lines: read once."""
    places = tuple(place for _, place, _ in CITIES)
    found: dict[str, list[str]] = {area: [] for area, _, _ in CITIES}
    for key, names in GEOCODE_DATA.items():
        if len(key) == 9 and key.startswith("861"):
            name = names.get("zh", "")
            if name.startswith(places):
                area = next(area for area, place, _ in CITIES if name.startswith(place))
                found[area].append(key[2:])
    return {area: sorted(segments) for area, segments in found.items()}
