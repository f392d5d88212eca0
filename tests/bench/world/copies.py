"""Multiply a population: every row of it copied with its ids moved, references and all.

Keys are found in the models, so that a new table or column needs nothing here unless it must be
unique.
"""

from concurrent.futures import ThreadPoolExecutor

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

BLOCK = 1000
"""How far the ids of one copy lie from those of the next."""
NUMBERS_APART = 10
SIDE_BY_SIDE = 2
"""The indexes of so many tables are made at the same time."""

COPIED = (
    "customers_customer", "customers_subscription", "customers_subscriptionstate",
    "customers_numberassignment", "customers_ownership", "packages_wo_subscriptionplan",
    "packages_wo_subscriptionvas", "packages_wo_bundle", "packages_wo_bundlechange",
    "packages_wo_bundleterm", "packages_wo_termpack", "packages_wo_membership", "packages_wo_pool",
    "billing_account", "billing_ledger", "billing_payrelation", "billing_bundleaccount",
    "billing_journal", "billing_entry", "billing_payment",
)  # fmt: skip
_NUMBER = f"lpad((r.{{0}}::bigint + k * {NUMBERS_APART})::text, length(r.{{0}}), '0')"
_NAMED = "r.{0} || '-' || k"
UNIQUE = {
    "customers_customer.code": _NAMED,
    "customers_customer.data_key_id": "NULL::uuid",
    "customers_subscription.number": _NUMBER,
    "customers_numberassignment.number": _NUMBER,
    "packages_wo_bundle.code": _NAMED,
    "packages_wo_bundlechange.order_ref": _NAMED,
    "packages_wo_bundlechange.base": (
        f"ARRAY(SELECT id + k * {BLOCK} FROM unnest(r.{{0}}) WITH ORDINALITY AS b (id, place)"
        " ORDER BY place)"
    ),
    "billing_account.code": f"left(r.{{0}}, 1) || lpad((r.id + k * {BLOCK})::text, 9, '0')",
    "billing_payment.key": _NAMED,
}


def copies_of(copies: int) -> None:
    """What there is, so many times in all; statistics are taken afterwards.

    Raises: ValueError when a table's ids reach beyond one block.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers, no checks
        tables = [table for table in COPIED if _highest(cursor, table)]
        dropped = [_drop_indexes(cursor, table) for table in tables]
        for table in tables:
            _copy(cursor, table, tables, copies)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(_make_indexes, dropped))
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _highest(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
    (highest,) = cursor.fetchone()
    if highest >= BLOCK:
        raise ValueError(f"{table} has ids up to {highest}, a block holds {BLOCK}")
    return int(highest)


def _copy(cursor: CursorWrapper, table: str, tables: list[str], copies: int) -> None:
    moved = {"id", *_references(table, tables)}
    columns = _columns(cursor, table)
    given = []
    for column in columns:
        if column in moved:
            given.append(f"r.{column} + k * {BLOCK}")
        else:
            given.append(UNIQUE.get(f"{table}.{column}", "r.{0}").format(column))
    house = "WHERE r.account_id IS NOT NULL" if table == "billing_ledger" else ""
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE"
        f" SELECT {', '.join(given)} FROM generate_series(1, %s) AS k CROSS JOIN {table} AS r"
        f" {house} ORDER BY k, r.id",
        [copies - 1],
    )
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
    )


def _columns(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _references(table: str, tables: list[str]) -> list[str]:
    """The columns that name a row of a copied table; those of the house's own ledgers stay."""
    [model] = [model for model in apps.get_models() if model._meta.db_table == table]
    return [
        field.column
        for field in model._meta.concrete_fields
        if field.related_model and field.related_model._meta.db_table in tables
    ]


def _drop_indexes(cursor: CursorWrapper, table: str) -> list[str]:
    """All but the primary key; give what makes them again, much faster than filling them."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('u', 'x')",
        [table],
    )
    constraints = cursor.fetchall()
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = %s::regclass AND NOT i.indisprimary"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _ in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    return [
        *(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
            for name, definition in constraints
        ),
        *(definition for _, definition in indexes),
    ]


def _make_indexes(definitions: list[str]) -> None:
    """Those of one table, on a connection of this thread's own."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            for definition in definitions:
                cursor.execute(definition)
    finally:
        connection.close()
