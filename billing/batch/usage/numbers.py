"""Number analysis in columns; the specification is ``billing.rules.numbers``."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from billing.batch.usage.words import MOST_DIGITS, P10, Flags, Ints
from billing.rules.numbers import SEGMENT_DIGITS, CallClass, NumberPlan

CLASSES = (
    CallClass.FREE,
    CallClass.SERVICE,
    CallClass.HMT,
    CallClass.INTERNATIONAL,
    CallClass.LOCAL,
    CallClass.DOMESTIC,
)
FREE, SERVICE, HMT, INTERNATIONAL, LOCAL, DOMESTIC = range(len(CLASSES))
NO_CLASS, MOBILE, BY_AREA, IN_AREA = -1, 10, 11, 12
"""Kinds that are no class yet: a mobile number, one that begins with 0, one without area code."""
MOBILE_DIGITS = 11
CHINA = 86
Lengths = NDArray[np.int8] | Ints


class Prefixes:
    """Numbers that begin with one of a few sequences of digits."""

    def __init__(self, prefixes: Iterable[str]) -> None:
        self._by_length: dict[int, set[int]] = {}
        for prefix in prefixes:
            if prefix:
                self._by_length.setdefault(len(prefix), set()).add(int(prefix))

    def begin(self, value: Ints, digits: Ints) -> Flags:
        found = np.zeros(len(value), np.bool_)
        for length, prefixes in self._by_length.items():
            top = np.where(digits >= length, value // power(digits - length), -1)
            for prefix in prefixes:
                found |= top == prefix
        return found


class NumberKinds:
    """A catalogue's number plan, ready for columns."""

    def __init__(self, plan: NumberPlan) -> None:
        self.plan = plan
        self._free = [(int(number), len(number)) for number in plan.free]
        self._access = Prefixes(code + "0" for code in plan.access_codes)
        self._toll_free = Prefixes([plan.toll_free_prefix])
        self.hmt = Prefixes(plan.hmt)
        self.international = Prefixes(plan.international)
        self._ten_digit = Prefixes(plan.ten_digit_service)
        self._ten_digits = Prefixes([*plan.ten_digit_service, plan.toll_free_prefix])
        self._service = Prefixes(plan.service_prefixes)

    def plain(self, value: Ints, digits: Lengths, plus: Flags) -> tuple[Ints, Ints]:
        """The numbers without the ways to write China, other countries with 00."""
        digits = digits.astype(np.int64)
        top2 = np.where(digits >= 2, value // power(digits - 2), -1)
        top4 = np.where(digits >= 4, value // power(digits - 4), -1)
        by_plus = plus & (top2 == CHINA)
        by_noughts = ~plus & (digits >= 4) & (top4 == CHINA) & (top2 == 0)
        country = by_plus | by_noughts
        rest_digits = np.where(by_plus, digits - 2, np.where(by_noughts, digits - 4, digits))
        rest = np.where(country, value % P10[rest_digits], value)
        begins_with_0 = rest < power(rest_digits - 1)
        wants_trunk = country & ((rest_digits == 10) | (rest_digits == 11)) & ~begins_with_0
        if wants_trunk.any():
            wants_trunk &= ~is_mobile(rest, rest_digits)
            wants_trunk &= ~((rest_digits == 10) & self._ten_digits.begin(rest, rest_digits))
        prefixed = ~plus & ~country & (digits == MOBILE_DIGITS + 2) & (top2 == CHINA)
        if prefixed.any():
            inner = np.where(prefixed, value % P10[MOBILE_DIGITS], 0)
            prefixed &= is_mobile(inner, np.full(len(inner), MOBILE_DIGITS))
            rest = np.where(prefixed, inner, rest)
            rest_digits = np.where(prefixed, MOBILE_DIGITS, rest_digits)
        abroad = plus & ~country
        return rest, rest_digits + wants_trunk + 2 * abroad

    def kinds(self, value: Ints, digits: Ints) -> NDArray[np.int8]:
        """The class by the table, or what is left to find out, of plain numbers."""
        plan = self.plan
        kind = np.full(len(value), NO_CLASS, np.int8)
        kind[is_local(value, digits)] = IN_AREA
        kind[_begins_with_0(value, digits)] = BY_AREA
        kind[is_mobile(value, digits)] = MOBILE
        # the table, from its last row to its first: the first that fits wins
        short = digits <= plan.service_max_digits
        kind[short & self._service.begin(value, digits)] = SERVICE
        ten = digits == 10
        kind[ten & self._ten_digit.begin(value, digits)] = SERVICE
        kind[self.international.begin(value, digits)] = INTERNATIONAL
        kind[self.hmt.begin(value, digits)] = HMT
        kind[ten & self._toll_free.begin(value, digits)] = FREE
        for number, length in self._free:
            kind[(value == number) & (digits == length)] = FREE
        long = digits > MOBILE_DIGITS
        if long.any():
            kind[long & self._access.begin(value, digits)] = SERVICE
        return kind


def is_mobile(value: Ints, digits: Ints) -> Flags:
    second = value // P10[MOBILE_DIGITS - 2]
    return (digits == MOBILE_DIGITS) & (second >= 13) & (second <= 19)


def is_local(value: Ints, digits: Ints) -> Flags:
    first = np.where(digits == 7, value // P10[6], np.where(digits == 8, value // P10[7], 0))
    return (first >= 2) & (first <= 8)


def segment_of(value: Ints) -> Ints:
    """The first digits of mobile numbers."""
    return value // P10[MOBILE_DIGITS - SEGMENT_DIGITS]


def code_of_parts(value: Ints, digits: Ints) -> Ints:
    """One integer for a number, as ``shape.code_of``: its digits after a 1."""
    return value + power(digits)


def _begins_with_0(value: Ints, digits: Ints) -> Flags:
    return (digits > 0) & (value < power(digits - 1))


def power(exponent: Ints) -> Ints:
    """Ten to the exponent; beyond the longest number any power gives the same quotient."""
    return P10[np.clip(exponent, 0, MOST_DIGITS)]
