"""Which customers share a document or a phone, found by the database for all of them at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

SHARED_BY_AT_MOST = 20
"""A phone that more customers share tells nothing about any of them."""

SQL = (Path(__file__).parent / "duplicate_candidates.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two customers, the older first, and what they share."""

    first_id: int
    second_id: int
    same_document: bool
    same_phone: bool


def candidates() -> Iterator[Candidate]:
    """Every pair that shares something, in the order of keys."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"most": SHARED_BY_AT_MOST})
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield Candidate(*row)
