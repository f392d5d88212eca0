"""Reference data: which place each mobile number segment belongs to."""

import io
from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper
from phonenumbers.geodata import GEOCODE_DATA

from billing.rules.numbers import SEGMENT_DIGITS

COUNTRY_CODE = "86"
LANGUAGE = "zh"


def load_number_segments(connection: BaseDatabaseWrapper) -> int:
    """Replace the segment table by what the installed ``phonenumbers`` knows; gives the count."""
    places = segment_places()
    rows = io.StringIO("".join(f"{segment}\t{place}\n" for segment, place in places.items()))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE billing_number_segment")
        cursor.copy_expert("COPY billing_number_segment (segment, place) FROM STDIN", rows)
        cursor.execute("ANALYZE billing_number_segment")
    return len(places)


def segment_places() -> dict[str, str]:
    """Place by 7-digit segment; a longer prefix of the source wins over a shorter one."""
    found: dict[str, str] = {}
    for prefix, place in sorted(_mobile_prefixes(), key=lambda entry: -len(entry[0])):
        for segment in _segments_of(prefix):
            found.setdefault(segment, place)
    return found


def _mobile_prefixes() -> Iterator[tuple[str, str]]:
    for prefix, names in GEOCODE_DATA.items():
        national = prefix.removeprefix(COUNTRY_CODE)
        is_mobile = national[:1] == "1" and national[1:2] in tuple("3456789")
        if prefix.startswith(COUNTRY_CODE) and is_mobile and LANGUAGE in names:
            yield national, names[LANGUAGE]


def _segments_of(prefix: str) -> Iterator[str]:
    missing = SEGMENT_DIGITS - len(prefix)
    if missing <= 0:
        yield prefix[:SEGMENT_DIGITS]
        return
    for number in range(10**missing):
        yield f"{prefix}{number:0{missing}d}"
