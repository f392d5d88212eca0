"""What a close writes by the million names rows that are there: asked once per statement.

A foreign key asks row by row, at the commit: of a close that was more than half of all its work.
Here each statement asks once, over all it added. What is named so stays: it is never deleted, and
its id and the names of it never change, so nothing has to be locked to be sure of it.
"""

import django.db.models.deletion
from django.db import migrations, models

NAMES = {
    "billing_bill": {"account_id": "billing_account"},
    "billing_billline": {"bill_id": "billing_bill", "subscription_id": "customers_subscription"},
    "billing_revenueshare": {"line_id": "billing_billline"},
    "billing_entry": {
        "journal_id": "billing_journal",
        "ledger_id": "billing_ledger",
        "bill_line_id": "billing_billline",
    },
}
NAMED = (
    "billing_account",
    "billing_bill",
    "billing_billline",
    "billing_ledger",
    "customers_subscription",
)
"""Journals are not among them: they only grow already."""

FUNCTIONS = """
-- Arguments: a column, the table whose rows it names, and so on.
CREATE FUNCTION billing_names_what_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lowest bigint;
    highest bigint;
    lost bigint;
BEGIN
    -- Dynamic, so that each statement is planned for its own size; between lowest and highest, so
    -- that a month's rows are not looked for among those of all years.
    FOR n IN 0 .. TG_NARGS - 1 BY 2 LOOP
        EXECUTE format('SELECT min(%1$I), max(%1$I) FROM added', TG_ARGV[n]) INTO lowest, highest;
        CONTINUE WHEN lowest IS NULL;
        EXECUTE format(
            'SELECT min(added.%1$I) FROM added WHERE added.%1$I IS NOT NULL AND NOT EXISTS ('
            '    SELECT FROM %2$I named'
            '    WHERE named.id = added.%1$I AND named.id BETWEEN $1 AND $2)',
            TG_ARGV[n], TG_ARGV[n + 1]
        ) INTO lost USING lowest, highest;
        IF lost IS NOT NULL THEN
            RAISE EXCEPTION 'insert on table "%" violates foreign key: % % is not in table "%"',
                TG_TABLE_NAME, TG_ARGV[n], lost, TG_ARGV[n + 1]
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION billing_named_by_others() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test%'
        AND current_setting('bss.throw_away_database', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'rows of % are named by others: they stay, and so do their ids', TG_TABLE_NAME
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE FUNCTION billing_names_the_same() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a row of % names never changes', TG_TABLE_NAME
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
END $$;
"""


def _names(table, columns):
    pairs = ", ".join(f"'{column}', '{named}'" for column, named in columns.items())
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return f"""
CREATE TRIGGER {table}_names_what_is_there AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION billing_names_what_is_there({pairs});
CREATE TRIGGER {table}_names_the_same AFTER UPDATE OF {", ".join(columns)} ON {table}
    FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION billing_names_the_same();
"""


def _named(table):
    return f"""
CREATE TRIGGER {table}_stays BEFORE DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION billing_named_by_others();
CREATE TRIGGER {table}_keeps_its_id AFTER UPDATE OF id ON {table}
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION billing_named_by_others();
"""


FORWARD = (
    FUNCTIONS
    + "".join(_names(table, columns) for table, columns in NAMES.items())
    + "".join(map(_named, NAMED))
)
BACKWARD = (
    "".join(
        f"DROP TRIGGER {table}_names_the_same ON {table};"
        f"DROP TRIGGER {table}_names_what_is_there ON {table};\n"
        for table in NAMES
    )
    + "".join(
        f"DROP TRIGGER {table}_keeps_its_id ON {table}; DROP TRIGGER {table}_stays ON {table};\n"
        for table in NAMED
    )
    + "DROP FUNCTION billing_names_the_same(); DROP FUNCTION billing_named_by_others();"
    "DROP FUNCTION billing_names_what_is_there();"
)


def _by_statement(model, name, to, *, related_name, null=False, **options):
    """The field without its foreign key."""
    options = {"on_delete": django.db.models.deletion.PROTECT, **options}
    field = models.ForeignKey(
        db_constraint=False, related_name=related_name, null=null, to=to, **options
    )
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("billing", "0032_indexes_that_nothing_asks")]

    operations = [
        _by_statement("bill", "account", "billing.account", related_name="bills", db_index=False),
        _by_statement("billline", "bill", "billing.bill", related_name="lines", db_index=False),
        _by_statement(
            "billline",
            "subscription",
            "customers.subscription",
            related_name="bill_lines",
            null=True,
        ),
        _by_statement(
            "revenueshare",
            "line",
            "billing.billline",
            related_name="shares",
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
        ),
        _by_statement("entry", "journal", "billing.journal", related_name="entries"),
        _by_statement("entry", "ledger", "billing.ledger", related_name="entries"),
        _by_statement(
            "entry",
            "bill_line",
            "billing.billline",
            related_name="entries",
            null=True,
            db_index=False,
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
