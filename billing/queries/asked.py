"""Ask the SQL that stands beside a query module; it reads, and changes nothing."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection


@cache
def statement(name: str) -> str:
    """The text of ``billing/queries/NAME.sql``."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")


def rows(name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What it gives with these named parameters."""
    with connection.cursor() as cursor:
        cursor.execute(statement(name), dict(parameters))
        return cursor.fetchall()
