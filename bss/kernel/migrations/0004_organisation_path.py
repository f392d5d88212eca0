"""An organisation's path, kept right by the database whoever writes (docs/adr)."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION kernel_organisation_path_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above text := '/';
BEGIN
    IF NEW.parent_id IS NOT NULL THEN
        -- One move at a time, so that two moves cannot close a ring between them.
        IF TG_OP = 'UPDATE' AND NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
            PERFORM pg_advisory_xact_lock(hashtext('kernel_organisation_path'));
        END IF;
        SELECT path INTO above FROM kernel_organisation WHERE id = NEW.parent_id;
        IF NEW.parent_id = NEW.id OR above LIKE '%/' || NEW.id || '/%' THEN
            RAISE check_violation USING MESSAGE = 'organisation ' || NEW.id || ' under itself';
        END IF;
    END IF;
    NEW.path := coalesce(above, '/') || NEW.id || '/';
    RETURN NEW;
END $$;
CREATE FUNCTION kernel_organisation_branch_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE kernel_organisation SET path = '' WHERE parent_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER kernel_organisation_path_follows BEFORE INSERT OR UPDATE ON kernel_organisation
    FOR EACH ROW EXECUTE FUNCTION kernel_organisation_path_follows();
CREATE TRIGGER kernel_organisation_branch_follows AFTER UPDATE ON kernel_organisation
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path)
    EXECUTE FUNCTION kernel_organisation_branch_follows();
"""

# From the top; each change takes its branch along.
FILL = """
UPDATE kernel_organisation SET path = '' WHERE parent_id IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""

BACKWARD = """
DROP TRIGGER kernel_organisation_branch_follows ON kernel_organisation;
DROP TRIGGER kernel_organisation_path_follows ON kernel_organisation;
DROP FUNCTION kernel_organisation_branch_follows();
DROP FUNCTION kernel_organisation_path_follows();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_life_of_staff_and_organisations"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="path",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                fields=["path"], name="organisation_path", opclasses=["varchar_pattern_ops"]
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
