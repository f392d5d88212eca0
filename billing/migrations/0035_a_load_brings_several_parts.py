"""Carriers side by side bring a large load's records: a load may have several parts."""

from django.db import migrations

FORWARD = """
ALTER TABLE billing_known_ids ADD parts integer[];
UPDATE billing_known_ids SET parts = ARRAY[part];
ALTER TABLE billing_known_ids ALTER parts SET NOT NULL, DROP part;
COMMENT ON COLUMN billing_known_ids.parts IS 'the parts of its months that have its records';
"""
BACK = """
ALTER TABLE billing_known_ids ADD part integer;
UPDATE billing_known_ids SET part = coalesce(parts[1], 0);
ALTER TABLE billing_known_ids ALTER part SET NOT NULL, DROP parts;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0034_posting_in_one_pass")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
