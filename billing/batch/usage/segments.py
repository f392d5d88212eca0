"""The home areas of mobile number segments."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from billing.batch.usage.tables import copied
from billing.batch.usage.words import Flags, Ints, fields_of_texts, keys_of, mixed
from billing.rules.numbers import SEGMENT_DIGITS

FIRST_SEGMENT = 10 ** (SEGMENT_DIGITS - 1)
SEGMENTS = """
    SELECT segment::int, place FROM billing_number_segment
    WHERE EXISTS (SELECT FROM unnest(%(names)s::text[]) AS a (name)
                  WHERE name <> '' AND starts_with(place, name))
"""


@dataclass(frozen=True, slots=True)
class Segments:
    """``place_of`` segments by number, 0 elsewhere; ``lies_in[place, area]`` by number of area.

    ``digest`` is that of all segments and their places, whatever numbers these have.
    """

    place_of: NDArray[np.int16]
    lies_in: NDArray[np.bool_]
    digest: int

    def are_home(self, segment: Ints, area: Ints) -> Flags:
        """Whether each segment's place is in the home area; area -1 is none of them."""
        inside = (segment >= FIRST_SEGMENT) & (area >= 0)
        place = self.place_of[np.where(inside, segment - FIRST_SEGMENT, 0)]
        return inside & self.lies_in[place, area]


_READ: dict[tuple[str, ...], Segments] = {}


def read_segments(names: tuple[str, ...]) -> Segments:
    """The segments of the home areas with these names.

    Reference data that no operator changes while it runs: read once per process.
    """
    if names not in _READ:
        table = copied(
            SEGMENTS, {"names": list(names)}, types={"segment": pa.int64(), "place": pa.string()}
        )
        places: dict[str, int] = {}
        numbers = np.array(
            [places.setdefault(p, len(places) + 1) for p in table["place"].to_pylist()], np.int64
        )
        place_of = np.zeros(FIRST_SEGMENT, np.int16)  # segments are of mobiles: they begin with 1
        segments = table["segment"].to_numpy()
        place_of[segments - FIRST_SEGMENT] = numbers
        keys = np.append(0, keys_of(*fields_of_texts(list(places))))[numbers]
        digest = int(mixed((keys ^ segments).view(np.uint64)).sum(dtype=np.uint64))
        lies_in = np.zeros((len(places) + 1, max(len(names), 1)), np.bool_)
        for place, row in places.items():
            lies_in[row] = [bool(name) and place.startswith(name) for name in names] or [False]
        _READ.clear()
        _READ[names] = Segments(place_of, lies_in, digest)
    return _READ[names]
