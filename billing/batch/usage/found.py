"""Finding many integers in many: a hash table of arrays."""

import numpy as np
from numpy.typing import NDArray

from billing.batch.usage.words import Ints

NOWHERE = -1


class Places:
    """Where each of some different integers stands; ``find`` gives NOWHERE for any other."""

    def __init__(self, values: Ints) -> None:
        self._bits = max(4, int(len(values) * 3).bit_length())
        size = 1 << self._bits
        self._mask = size - 1
        self._places: NDArray[np.int32] = np.full(size, NOWHERE, np.int32)
        self._values: Ints = np.zeros(size, np.int64)
        slot, place = self._slots(values), np.arange(len(values), dtype=np.int32)
        while len(place):
            free = self._places[slot] == NOWHERE
            self._places[slot[free]] = place[free]
            lost = self._places[slot] != place
            slot, place = (slot[lost] + 1) & self._mask, place[lost]
        taken = self._places != NOWHERE
        self._values[taken] = values[self._places[taken]]

    def find(self, wanted: Ints) -> NDArray[np.int32]:
        slot = self._slots(wanted)
        found = self._places[slot]
        wrong = np.flatnonzero((found != NOWHERE) & (self._values[slot] != wanted))
        while len(wrong):
            slot[wrong] = (slot[wrong] + 1) & self._mask
            found[wrong] = self._places[slot[wrong]]
            still = (found[wrong] != NOWHERE) & (self._values[slot[wrong]] != wanted[wrong])
            wrong = wrong[still]
        return found

    def _slots(self, values: Ints) -> Ints:
        mixed = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        return (mixed >> np.uint64(64 - self._bits)).astype(np.int64)
