"""A bill's line is written once and paid within the hour: its page keeps room for that.

So the payment leaves the line's three indexes as they are, which would double them otherwise.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0037_what_was_rated_before_is_looked_at_again")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE billing_billline SET (fillfactor = 48)",
            "ALTER TABLE billing_billline RESET (fillfactor)",
        )
    ]
