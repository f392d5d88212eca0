from django.db import migrations

FORWARD = """
CREATE FUNCTION complaints_step_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: a step is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER complaints_casestep_append_only BEFORE UPDATE OR DELETE ON complaints_casestep
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_step_is_append_only();
"""

BACKWARD = """
DROP TRIGGER complaints_casestep_append_only ON complaints_casestep;
DROP FUNCTION complaints_step_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
