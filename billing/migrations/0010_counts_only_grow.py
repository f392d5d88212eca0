"""What was counted, confirmed, moved through a drawer or printed is never changed (PAY-3)."""

from django.db import migrations

TABLES = (
    "drawermovement",
    "drawercount",
    "countedmeans",
    "dayclose",
    "receipt",
    "receiptprint",
    "handoverpart",
)

FUNCTION = """
CREATE FUNCTION billing_counts_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('bss.throw_away_database', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is a record of a cash desk, it is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

FORWARD = FUNCTION + "".join(
    f"CREATE TRIGGER billing_{table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE"
    f" ON billing_{table} FOR EACH STATEMENT EXECUTE FUNCTION billing_counts_only_grow();\n"
    for table in TABLES
)

BACKWARD = (
    "".join(f"DROP TRIGGER billing_{table}_only_grows ON billing_{table};\n" for table in TABLES)
    + "DROP FUNCTION billing_counts_only_grow();"
)


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_shifts_receipts_and_handovers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
