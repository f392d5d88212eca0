"""Few rows, a payment's two, are looked up by a plan that is kept; many are planned for, as before.

Planning cost a payment at the desk four times what its foreign keys had cost.
"""

from django.db import migrations

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
FEW = 100

LOOK = """
        SELECT min(added.{column}) INTO lost FROM added
        WHERE added.{column} IS NOT NULL
            AND NOT EXISTS (SELECT FROM {named} named WHERE named.id = added.{column});
        IF lost IS NOT NULL THEN
            PERFORM billing_names_nothing(TG_TABLE_NAME, TG_NAME, '{column}', lost, '{named}');
        END IF;
"""

FUNCTION = """
CREATE FUNCTION {table}_names_what_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lowest bigint;
    highest bigint;
    lost bigint;
BEGIN
    IF (SELECT count(*) FROM added) <= {few} THEN
{looks}
        RETURN NULL;
    END IF;

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
            PERFORM billing_names_nothing(
                TG_TABLE_NAME, TG_NAME, TG_ARGV[n], lost, TG_ARGV[n + 1]
            );
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""

TRIGGER = """
DROP TRIGGER {table}_names_what_is_there ON {table};
CREATE TRIGGER {table}_names_what_is_there AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {function}({pairs});
"""

REFUSAL = """
CREATE FUNCTION billing_names_nothing(
    which text, refusing text, of_column text, lost bigint, named text
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'insert on table "%" violates foreign key: % % is not in table "%"',
        which, of_column, lost, named
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = refusing;
END $$;
"""


def _triggers(function):
    """The triggers of all tables, with the function that ``function`` names."""
    return "".join(
        TRIGGER.format(
            table=table,
            function=function.format(table=table),
            pairs=", ".join(f"'{column}', '{named}'" for column, named in columns.items()),
        )
        for table, columns in NAMES.items()
    )


def _functions():
    for table, columns in NAMES.items():
        looks = "".join(
            LOOK.format(column=column, named=named) for column, named in columns.items()
        )
        yield FUNCTION.format(table=table, looks=looks, few=FEW)


FORWARD = REFUSAL + "".join(_functions()) + _triggers("{table}_names_what_is_there")
BACKWARD = (
    _triggers("billing_names_what_is_there")
    + "".join(f"DROP FUNCTION {table}_names_what_is_there();" for table in NAMES)
    + "DROP FUNCTION billing_names_nothing(text, text, text, bigint, text);"
)


class Migration(migrations.Migration):
    dependencies = [("billing", "0038_a_line_keeps_room_for_its_payment")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
