"""Whoever is on a list already has a record of it, as far back as anything is known."""

from django.db import migrations

LISTED_ALREADY = """
ALTER TABLE customers_listing DISABLE TRIGGER USER;
INSERT INTO customers_listing (
    customer_id, kind, reason, valid_from, ended_because
)
SELECT id, listed, listed_reason, registered_at, ''
FROM customers_customer
WHERE listed <> 'none';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE customers_listing ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_lists_with_reasons_and_ends")]
    operations = [migrations.RunSQL(LISTED_ALREADY, migrations.RunSQL.noop)]
