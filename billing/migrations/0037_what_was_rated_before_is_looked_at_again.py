"""Nobody noted the terms of what is rated already: open months are rated anew once, at their close.

No digest of terms is 0.
"""

from django.db import migrations

FORWARD = """
INSERT INTO billing_record_terms (month, at, is_anew, content)
SELECT month, month, false,
    string_agg(int8send(subscription_id) || int8send(0), ''::bytea ORDER BY subscription_id)
FROM (SELECT DISTINCT month, subscription_id FROM billing_record WHERE billed_month = month) rated
WHERE month NOT IN (SELECT month FROM billing_closedmonth)
GROUP BY month
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0036_by_which_terms_records_were_rated")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
