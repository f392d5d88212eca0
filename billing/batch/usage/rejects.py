"""The reject store: what cannot be rated, its line masked for eyes and sealed for mending.

Source: RAT-15.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import F

from billing.batch.usage.formats import format_of, ids_of
from billing.batch.usage.judge import DUPLICATE, MALFORMED, NO_TARIFF
from billing.batch.usage.pending import Pending
from billing.batch.usage.words import Ints, fields_of_texts, keys_of
from billing.models import UsageFile, UsageReject
from billing.rules.usage_line import LONG_NUMBER, MASK, SHORT_NUMBER
from billing.rules.usage_record import REJECT_REASONS
from bss.kernel import data_keys, sealing

PUT = """
INSERT INTO billing_usagereject (file_id, line_no, line, sealed, key, record_id, reason, state)
SELECT %s, r.line_no, r.line, r.sealed, r.key, r.record_id, r.reason, 'open'
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[])
    AS r (line_no, line, sealed, key, record_id, reason)
ON CONFLICT (file_id, line_no) DO UPDATE
SET reason = excluded.reason, key = excluded.key, record_id = excluded.record_id,
    state = 'open', mended_at = NULL
"""
COPY = """
COPY billing_usagereject (file_id, line_no, line, sealed, key, record_id, reason, state)
FROM STDIN (FORMAT csv, FORCE_NULL (key))
"""
MEND = """
UPDATE billing_usagereject AS r
SET state = 'mended', mended_at = %s, key = m.key, record_id = m.record_id
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS m (line_no, key, record_id)
WHERE r.file_id = %s AND r.line_no = m.line_no
"""


def put_rejects(
    file: UsageFile,
    *,
    line_no: Sequence[int],
    reason: Sequence[int],
    key: Sequence[int],
    record_id: Sequence[str],
    lines: Sequence[str],
    are_new: bool = False,
) -> None:
    """Keep the lines; a record takes its id with it unless it is malformed or a duplicate.

    ``are_new`` when none of the lines has ever been kept.
    """
    if not line_no:
        return
    if file.data_key_id is None:
        file.data_key = data_keys.create()
        file.save(update_fields=["data_key"])
    key_id = file.data_key_id
    assert key_id is not None
    free = (MALFORMED, DUPLICATE)
    columns: list[Any] = [
        list(line_no),
        masked_lines(pa.array(lines, pa.string())),
        sealing.seal_all(lines, key_id=key_id, bound_to=UsageReject.SEALED),
        [None if why in free else one for one, why in zip(key, reason, strict=True)],
        [
            shown if why == MALFORMED else clear
            for shown, clear, why in zip(
                masked_lines(pa.array(record_id, pa.string())), record_id, reason, strict=True
            )
        ],
        [REJECT_REASONS[why - 1] for why in reason],
    ]
    with connection.cursor() as cursor:
        if not are_new:
            cursor.execute(PUT, [file.pk, *columns])
            return
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows((file.pk, *row, "open") for row in zip(*columns, strict=True))
        text.seek(0)
        cursor.copy_expert(COPY, text)


def mend(file: UsageFile, lines: Mapping[int, str], *, at: datetime) -> None:
    """These lines are rated now. They keep their ids: the filters of loads know nothing of them.

    Shape: number of the line → record id.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            MEND,
            [
                at,
                list(lines),
                keys_of(*fields_of_texts(list(lines.values()))).tolist() if lines else [],
                list(lines.values()),
                file.pk,
            ],
        )


def masked_lines(lines: pa.StringArray) -> list[str]:
    """``masked_text`` for many lines."""
    masked = pc.replace_substring_regex(lines, LONG_NUMBER, MASK)
    found: list[str] = pc.replace_substring_regex(masked, SHORT_NUMBER, MASK).to_pylist()
    return found


def put_unpriced(records: Pending, file_id: Ints) -> None:
    """Records that lost their price go back among the rejects, file by file."""
    for number in np.unique(file_id).tolist():
        file = UsageFile.objects.get(pk=number)
        rows = np.flatnonzero(file_id == number)
        lines = records.lines.take(pa.array(rows)).to_pylist()
        format = format_of(file)
        put_rejects(
            file,
            line_no=records.placed.line_no[rows].tolist(),
            reason=[NO_TARIFF] * len(rows),
            key=records.placed.key[rows].tolist(),
            record_id=ids_of(format, lines),
            lines=lines,
        )
        UsageFile.objects.filter(pk=number).update(
            rated=F("rated") - len(rows), rejected=F("rejected") + len(rows)
        )
