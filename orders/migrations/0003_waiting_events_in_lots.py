"""News of stops that waits in the outbox at the upgrade is told in lots, as it is from now on."""

from django.db import migrations

FORWARD = """
UPDATE kernel_outboxevent
SET payload = jsonb_build_object(
    'subscription_ids', jsonb_build_array(payload -> 'subscription_id')
)
WHERE handled_at IS NULL AND payload ? 'subscription_id' AND name IN (
    'subscription.suspended', 'subscription.stop_lifted', 'subscription.pre_terminated'
)
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_network_orders"), ("kernel", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
