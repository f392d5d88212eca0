"""Small tables out of PostgreSQL as columns, on the transaction's own connection."""

import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.csv
from django.db import connection

FOREVER_US = 2**62
"""What stands for no end."""


def copied(
    query: str, parameters: Mapping[str, Any], *, types: Mapping[str, pa.DataType]
) -> pa.Table:
    """What a query gives; ``types`` names its columns in order."""
    out = io.BytesIO()
    with connection.cursor() as cursor:
        text = cursor.mogrify(query, dict(parameters))
        text = text.decode() if isinstance(text, bytes) else text
        cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT csv)", out)
    return (
        pyarrow.csv.read_csv(
            pa.BufferReader(out.getbuffer()),
            read_options=pyarrow.csv.ReadOptions(column_names=list(types)),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict(types), true_values=["t"], false_values=["f"]
            ),
        )
        if out.tell()
        else pa.table({name: pa.array([], kind) for name, kind in types.items()})
    )
