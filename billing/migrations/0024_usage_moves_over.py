"""What the old tables of usage hold goes into the new ones; rejects are masked and sealed.

Which rate priced a record was not kept: its rate_id is 0 until its month is rated anew.
"""

import csv
import io
from itertools import chain, groupby

import numpy as np
import pyarrow as pa
from django.db import migrations

from billing.batch.usage.binary import EPOCH_2000_US, Column, copy_rows
from billing.batch.usage.known import filter_of
from billing.batch.usage.rejects import masked_lines
from billing.batch.usage.words import fields_of_texts, keys_of
from billing.rules.charging import WAYS
from billing.rules.house import ITEMS
from bss.kernel import data_keys, sealing

AT_ONCE = 20_000
MONTHS = "SELECT DISTINCT month FROM billing_usage ORDER BY month"
RECORDS = """
SELECT u.record_id, u.service_number, u.call_type, u.other_number,
       to_char(u.start_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS')
           || CASE WHEN date_part('microseconds', u.start_at)::bigint % 1000000 = 0 THEN ''
                   ELSE to_char(u.start_at, '.US') END,
       u.duration_s, u.visited_area, u.volume_kb, u.info_fee_hao, f.columns,
       u.file_id, u.line_no, u.subscription_id, coalesce(r.bundle_id, 0), u.area,
       (extract(epoch FROM u.end_at) * 1000000)::bigint,
       u.month - DATE '2000-01-01', u.billed_month - DATE '2000-01-01',
       r.item, r.way, r.quantity, r.vpn_before, r.vpn_minutes, r.draw_before,
       r.pool_minutes + r.plan_units, r.amount_hao, r.info_fee_hao
FROM billing_usage u
JOIN billing_rated_usage r ON r.month = u.month AND r.usage_id = u.id
JOIN billing_usagefile f ON f.id = u.file_id
"""
FIELDS = (
    "record_id", "service_number", "call_type", "other_number", "start_at", "duration_s",
    "visited_area", "volume_kb", "info_fee_hao",
)
DRAWN = """
TRUNCATE billing_drawn;  -- counted anew, with what came by the new way before this moved over
INSERT INTO billing_drawn (month, owner_group, last_end_at, vpn_asked, vpn_drawn, asked, drawn)
SELECT month, owner_group, max(end_at), sum(vpn_asked), sum(vpn_drawn), sum(asked), sum(drawn)
FROM (
    SELECT month, end_at,
           CASE WHEN way IN (5, 7, 11, 12, 13) THEN bundle_id * 8 + 1
                WHEN way IN (6, 8, 14) THEN subscription_id * 8 + 2
                WHEN way = 15 THEN subscription_id * 8 + 3
                WHEN way = 16 THEN subscription_id * 8 + 4 END AS owner_group,
           CASE WHEN way IN (12, 13, 14) THEN quantity ELSE 0 END AS vpn_asked,
           vpn_minutes AS vpn_drawn,
           CASE WHEN way = 13 THEN 0 ELSE quantity - vpn_minutes END AS asked,
           drawn_units AS drawn
    FROM billing_record
) record
WHERE owner_group IS NOT NULL
GROUP BY month, owner_group
"""
MONTHS_OF_FILES = "SELECT file_id, array_agg(DISTINCT month) FROM billing_record GROUP BY file_id"
IDS = "SELECT file_id, record_id FROM billing_usage_id ORDER BY file_id"
DROP = """
DROP TABLE billing_usage_id;
DROP TABLE billing_rated_usage;
DROP TABLE billing_usage;
"""


def convert(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute(MONTHS)
        for (month,) in cursor.fetchall():
            make_month(cursor, month)
        for rows in portions(cursor, RECORDS):
            copy(cursor, rows)
        cursor.execute(DRAWN)
        remember(cursor)
        seal_rejects(cursor)


def portions(cursor, query):
    """The rows of the query, so many at once; between two portions the cursor is free."""
    cursor.execute(f"DECLARE old_rows NO SCROLL CURSOR FOR {query}")
    while True:
        cursor.execute(f"FETCH {AT_ONCE} FROM old_rows")
        rows = cursor.fetchall()
        if not rows:
            break
        yield rows
    cursor.execute("CLOSE old_rows")


def make_month(cursor, month):
    name = f"billing_record_{month:%Y_%m}"
    cursor.execute("SELECT to_regclass(%s) IS NULL", [name])
    if not cursor.fetchone()[0]:
        return
    cursor.execute(
        f"CREATE TABLE {name} PARTITION OF billing_record FOR VALUES FROM (%s)"
        f" TO (CAST(%s AS date) + interval '1 month') PARTITION BY LIST (part);"
        f"CREATE TABLE {name}_p0 PARTITION OF {name} FOR VALUES IN (0);"
        f"CREATE INDEX {name}_p0_key ON {name}_p0 (key);"
        f"CREATE INDEX {name}_p0_subscription ON {name}_p0 (subscription_id)",
        [month, month],
    )


def copy(cursor, rows):
    def column(place, name, width=8):
        return Column(name, np.array([row[place] for row in rows], np.int64), width)

    def numbered(place, name, words):
        return Column(name, np.array([words.index(row[place]) for row in rows], np.int64), 2)

    areas = [int("1" + row[14]) if row[14].isdigit() else 1 for row in rows]
    ends = np.array([row[15] for row in rows], np.int64) - EPOCH_2000_US
    columns = [
        Column("key", keys_of(*fields_of_texts([row[0] for row in rows]))),
        column(12, "subscription_id"), column(13, "bundle_id"), Column("end_at", ends),
        column(20, "quantity"), column(21, "vpn_before"), column(22, "vpn_minutes", 4),
        column(23, "draw_before"), column(24, "drawn_units"), column(25, "amount_hao"),
        column(26, "info_fee_hao"), column(16, "month", 4), column(17, "billed_month", 4),
        Column("part", 0, 4), column(10, "file_id", 4), column(11, "line_no", 4),
        column(5, "duration_s", 4), Column("rate_id", 0, 4), Column("area", np.array(areas), 4),
        numbered(18, "item", list(ITEMS)), numbered(19, "way", [str(way) for way in WAYS]),
    ]
    copy_rows(cursor, "billing_record", columns, text=pa.array([line(row) for row in rows]))


def line(row):
    """The record as a line of its file; what the old tables had not kept is not in it."""
    fields = dict(zip(FIELDS, row, strict=False))
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([fields[name] for name in row[9]])
    return text.getvalue()


def remember(cursor):
    cursor.execute(MONTHS_OF_FILES)
    months = dict(cursor.fetchall())
    ids = chain.from_iterable(portions(cursor, IDS))
    for file_id, rows in groupby(ids, key=lambda row: row[0]):
        bits, content = filter_of(keys_of(*fields_of_texts([record_id for _, record_id in rows])))
        cursor.execute(
            "INSERT INTO billing_known_ids (file_id, part, months, bits, content)"
            " VALUES (%s, 0, %s::date[], %s, %s)",
            [file_id, months.get(file_id, []), bits, content],
        )


def seal_rejects(cursor):
    cursor.execute(
        "SELECT r.file_id, r.id, r.line, r.record_id, i.record_id IS NOT NULL AND r.state = 'open'"
        " FROM billing_usagereject r LEFT JOIN billing_usage_id i"
        " ON i.record_id = r.record_id AND i.file_id = r.file_id AND i.line_no = r.line_no"
        " WHERE r.sealed = '' ORDER BY r.file_id, r.id"
    )
    for file_id, rows in groupby(cursor.fetchall(), key=lambda row: row[0]):
        rows = list(rows)
        key_id = data_keys.create().pk
        keys = keys_of(*fields_of_texts([row[3] for row in rows])).tolist()
        cursor.execute(
            "UPDATE billing_usagefile SET data_key_id = %s WHERE id = %s", [key_id, file_id]
        )
        cursor.executemany(
            "UPDATE billing_usagereject SET line = %s, sealed = %s, key = %s WHERE id = %s",
            [
                (
                    masked,
                    sealing.seal(row[2], key_id=key_id, bound_to="billing_usagereject.sealed"),
                    key if row[4] else None,
                    row[1],
                )
                for row, key, masked in zip(
                    rows, keys, masked_lines(pa.array([row[2] for row in rows])), strict=True
                )
            ],
        )


class Migration(migrations.Migration):
    dependencies = [("billing", "0023_accounts_that_a_close_set_aside")]

    operations = [migrations.RunPython(convert), migrations.RunSQL(DROP)]
