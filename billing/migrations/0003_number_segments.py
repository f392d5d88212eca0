"""The mobile number segments of China, from the phonenumbers package's data."""

from django.db import migrations

from billing.batch.number_segments import load_number_segments

CREATE = """
CREATE TABLE billing_number_segment (
    segment text PRIMARY KEY,
    place   text NOT NULL
);
COMMENT ON TABLE billing_number_segment IS
    '号段: the place of each 7-digit mobile segment, as the numbering authority assigned it';
"""


def load(apps, schema_editor):
    load_number_segments(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_usage_tables")]

    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE billing_number_segment"),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
