"""What few records need of the directory: their own numbers, and those that they may reach."""

from collections.abc import Collection, Sequence

import numpy as np

from billing.batch.usage.columns import Shaped
from billing.batch.usage.directory import Held, read_reached
from billing.batch.usage.numbers import NumberKinds, code_of_parts, is_local, power
from billing.batch.usage.words import Ints


def read_reached_by(
    records: Shaped,
    *,
    areas: Collection[tuple[int, int]],
    kinds: NumberKinds,
    area_codes: Sequence[str],
    served: Collection[str] = (),
) -> Held:
    """Whom the numbers that were called reach, from any of the callers' ``areas``."""
    numbers = {*served, *called_numbers(records, areas=areas, kinds=kinds)}
    return read_reached(area_codes=area_codes, numbers=sorted(numbers))


def called_numbers(
    records: Shaped, *, areas: Collection[tuple[int, int]], kinds: NumberKinds
) -> set[str]:
    value, digits = kinds.plain(records.other_value, records.other_digits, records.other_plus)
    codes = [code_of_parts(value, digits)]
    local = is_local(value, digits)
    for area, length in areas:
        full = np.maximum(area, 0) * power(digits[local]) + value[local]
        codes.append(code_of_parts(full, digits[local] + length))
    return {str(code)[1:] for code in np.unique(np.concatenate(codes)).tolist()} - {""}


def areas_of(value: Ints, digits: Ints) -> set[tuple[int, int]]:
    return set(zip(value.tolist(), digits.tolist(), strict=True))
