"""Write fields of many rows back in one statement, as fast for a hundred thousand as for ten.

``bulk_update`` says the same with a CASE of as many branches as rows, which Django puts together
one by one: a month's start spent nearly all of its time there.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def update_rows(
    rows: Collection[Any], fields: Sequence[str], *, of: type[Model] | None = None
) -> None:
    """Set these fields of each row to what the instance has; nothing for no rows.

    Shape: ``rows`` are instances, or anything with an ``id`` and the fields of the model ``of``.
    """
    if not rows:
        return
    meta = (of or next(iter(rows)))._meta
    named = {field.name: field for field in meta.concrete_fields}
    key, columns = named["id"], [named[name] for name in fields]
    given = [
        {field.column: getattr(row, field.attname) for field in (key, *columns)} for row in rows
    ]
    shape = ", ".join(
        f'"{field.column}" {field.cast_db_type(connection)}' for field in (key, *columns)
    )
    setting = ", ".join(f'"{field.column}" = given."{field.column}"' for field in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" AS kept SET {setting}'
            f" FROM jsonb_to_recordset(%s::jsonb) AS given ({shape})"
            f' WHERE kept."{key.column}" = given."{key.column}"',
            [json.dumps(given, default=str)],
        )
