"""A step is never changed or deleted; only its text gives way when a customer is erased."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION complaints_step_text_may_be_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text = '已按规定删除'
        AND to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: a step is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER complaints_casestep_append_only ON complaints_casestep;
CREATE TRIGGER complaints_casestep_append_only BEFORE DELETE ON complaints_casestep
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_step_is_append_only();
CREATE TRIGGER complaints_casestep_text_only BEFORE UPDATE ON complaints_casestep
    FOR EACH ROW EXECUTE FUNCTION complaints_step_text_may_be_erased();
"""

BACKWARD = """
DROP TRIGGER complaints_casestep_text_only ON complaints_casestep;
DROP TRIGGER complaints_casestep_append_only ON complaints_casestep;
CREATE TRIGGER complaints_casestep_append_only BEFORE UPDATE OR DELETE ON complaints_casestep
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_step_is_append_only();
DROP FUNCTION complaints_step_text_may_be_erased();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_steps_are_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
