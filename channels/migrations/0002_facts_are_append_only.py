from django.db import migrations

FACTS = ("channels_salefact", "channels_revenuefact")

FORWARD = """
CREATE FUNCTION channels_fact_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: a fact is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION channels_fact_is_append_only();
"""
    for table in FACTS
)

BACKWARD = (
    "".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in FACTS)
    + "DROP FUNCTION channels_fact_is_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
