"""Run the SQL that stands beside a batch module."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection


@cache
def statement(name: str) -> str:
    """The text of ``billing/batch/NAME.sql``."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")


def run(name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Execute it with named parameters; give the rows it returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement(name), dict(parameters))
        return cursor.fetchall() if cursor.description else []
