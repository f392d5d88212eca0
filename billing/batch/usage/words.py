"""Numbers, moments and keys out of bytes, many at once: eight characters are one 64-bit word.

A field is where it starts in the buffer and how many bytes it has; the buffer is padded, so that
a word may be read from any byte of it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PADDING = 32
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_DIGITS = 18
MOMENT_SIGNS = 19
DAY_S = 86_400
SHANGHAI_S = 8 * 3_600
FIRST_YEAR, LAST_YEAR = 1992, 2199
"""Without daylight saving: Shanghai is eight hours ahead all year. Other years go the slow way."""

KEY_SEED, CHECK_SEED = 0x9E3779B97F4A7C15, 0x2545F4914F6CDD1D
"""Two independent keys of one record id: 128 bits tell any two ids apart."""

P10: Ints = 10 ** np.arange(MOST_DIGITS + 1, dtype=np.int64)
_KEEP = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
_LIFT = np.array([56, *(64 - 8 * n for n in range(1, 9))], dtype=np.uint64)
_ZEROS = np.uint64(0x3030303030303030)
_FILL = _ZEROS & ~_KEEP
_HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIXES = np.uint64(0x0606060606060606)

# 'YYYY-MM-' 'DDTHH:MM' ':SS': where the signs stand, and what they are
_DATE_SIGNS = np.uint64(0xFF0000FF00000000)
_DATE = np.uint64(0x2D00002D00000000)
_TIME_SIGNS = np.uint64(0x0000FF0000000000)
_TIME = np.uint64(0x00003A0000000000)
_T_SIGN = np.uint64(0x0000000000FF0000)
_T, _SPACE = np.uint64(0x0000000000540000), np.uint64(0x0000000000200000)
_SECOND_SIGNS, _SECOND = np.uint64(0xFF), np.uint64(0x3A)


def words_of(raw: Bytes) -> Words:
    """Every eight bytes of the buffer, from each of its bytes on."""
    return np.ndarray(shape=(len(raw) - 7,), dtype="<u8", buffer=raw.data, strides=(1,))


def read_number(words: Words, start: Ints, length: Ints) -> tuple[Ints, Flags]:
    """The value of fields of at most MOST_DIGITS digits, and whether each is digits alone."""
    value, fits = _eight_digits(words, start, np.minimum(length, 8))
    fits &= length <= MOST_DIGITS
    done = 8
    while done < MOST_DIGITS and (length > done).any():
        more = np.clip(length - done, 0, min(8, MOST_DIGITS - done))
        further, further_fits = _eight_digits(words, np.where(more > 0, start + done, 0), more)
        value = value * P10[more] + further
        fits &= further_fits
        done += 8
    return value, fits


def read_moment(words: Words, start: Ints, length: Ints) -> tuple[Ints, Flags]:
    """Microseconds since 1970 of local moments ``YYYY-MM-DDTHH:MM:SS``, and which fields are that.

    What is not may still be a moment, written in another way.
    """
    day = words[start]
    time = words[start + 8]
    rest = words[start + 16] & _KEEP[3]
    t_sign = time & _T_SIGN
    fits = (
        (length == MOMENT_SIGNS)
        & (day & _DATE_SIGNS == _DATE)
        & (time & _TIME_SIGNS == _TIME)
        & (rest & _SECOND_SIGNS == _SECOND)
        & ((t_sign == _T) | (t_sign == _SPACE))
    )
    day = day & ~_DATE_SIGNS | _ZEROS & _DATE_SIGNS
    time = time & ~(_TIME_SIGNS | _T_SIGN) | _ZEROS & (_TIME_SIGNS | _T_SIGN)
    fits &= _all_digits(day) & _all_digits(time)
    fits &= _all_digits(rest & ~_SECOND_SIGNS | _FILL[3] | _ZEROS & _SECOND_SIGNS)
    # YYYY0MM0, DD0HH0MM as numbers; the signs count as noughts
    day_value, time_value = _value(day), _value(time)
    year, month = day_value // 10_000, day_value // 10 % 100
    day_of_month, hour, minute = (
        time_value // 1_000_000,
        time_value // 1_000 % 100,
        time_value % 100,
    )
    second = ((rest >> np.uint64(8)) & np.uint64(15)).astype(np.int64) * 10 + (
        (rest >> np.uint64(16)) & np.uint64(15)
    ).astype(np.int64)
    fits &= (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12)
    fits &= (hour < 24) & (minute < 60) & (second < 60) & (day_of_month >= 1)
    index = np.where(fits, (year - FIRST_YEAR) * 12 + month - 1, 0)
    fits &= day_of_month <= _DAYS_IN[index]
    seconds = (_DAYS_BEFORE[index] + day_of_month - 1) * DAY_S + hour * 3600 + minute * 60 + second
    return (seconds - SHANGHAI_S) * 1_000_000, fits


def keys_of(words: Words, start: Ints, length: Ints, *, seed: int = KEY_SEED) -> Ints:
    """64 bits of each field, the same for ever, as PostgreSQL keeps them: signed."""
    key = mixed(length.astype(np.uint64) + np.uint64(seed))
    done, rows = 0, np.flatnonzero(length)
    while len(rows):
        word = words[start[rows] + done] & _KEEP[np.minimum(length[rows] - done, 8)]
        key[rows] = mixed(key[rows] ^ word)
        done += 8
        rows = rows[length[rows] > done]
    signed: Ints = key.view(np.int64)
    return signed


def fields_of_texts(texts: Sequence[str]) -> tuple[Words, Ints, Ints]:
    """Texts as fields of one buffer."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *(len(one) for one in encoded)], dtype=np.int64)
    raw = np.frombuffer(b"".join(encoded) + bytes(PADDING), np.uint8)
    return words_of(raw), ends[:-1], np.diff(ends)


def key_of(text: str) -> int:
    """The key of one record id."""
    return int(keys_of(*fields_of_texts([text]))[0])


def micros_of(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def days_of_moments(moments_us: Ints) -> Ints:
    """Days since 1970 as Shanghai counts them."""
    return (moments_us // 1_000_000 + SHANGHAI_S) // DAY_S


def months_of_moments(moments_us: Ints) -> Ints:
    """The business month of each moment, counted from FIRST_YEAR's first; -1 before that."""
    days = days_of_moments(moments_us)
    return np.searchsorted(_DAYS_BEFORE, days, side="right").astype(np.int64) - 1


def mixed(word: Any) -> Any:
    """Splitmix64's finisher: every bit of the word in every bit of the result."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def _eight_digits(words: Words, start: Ints, length: Ints) -> tuple[Ints, Flags]:
    word = words[start] & _KEEP[length]
    fits = _all_digits(word | _FILL[length])
    return np.where(length > 0, _value(word << _LIFT[length]), 0), fits


def _all_digits(word: Words) -> Flags:
    return (word & _HIGH == _ZEROS) & ((word + _SIXES) & _HIGH == _ZEROS)


def _value(word: Words) -> Ints:
    """The number that eight digits write, the first in the lowest byte."""
    word = (word & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(2561) >> np.uint64(8)
    word = (word & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601) >> np.uint64(16)
    word = (word & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001) >> np.uint64(32)
    return word.astype(np.int64)


def _calendar() -> tuple[Ints, Ints]:
    months = np.arange((FIRST_YEAR - 1970) * 12, (LAST_YEAR + 1 - 1970) * 12 + 1)
    firsts = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return firsts[:-1], np.diff(firsts)


_DAYS_BEFORE, _DAYS_IN = _calendar()
