"""Customers that are there get their data key; ``rotate_keys`` seals their data under it."""

from secrets import token_bytes
from uuid import uuid4

from django.db import migrations

from bss.kernel import key_ring

BATCH = 2000


def give_keys(apps, schema_editor):
    customers = apps.get_model("customers", "Customer").objects
    data_key = apps.get_model("kernel", "DataKey")
    version = key_ring.newest() if customers.exists() else 0
    while rows := list(customers.filter(data_key__isnull=True).order_by("pk")[:BATCH]):
        keys = []
        for row in rows:
            key_id = uuid4()
            wrapped = key_ring.wrap(token_bytes(key_ring.KEY_BYTES), key_id=key_id, version=version)
            keys.append(data_key(id=key_id, wrapped=wrapped, version=version))
            row.data_key_id = key_id
        data_key.objects.bulk_create(keys)
        customers.bulk_update(rows, ["data_key"])


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_data_key")]

    operations = [migrations.RunPython(give_keys, migrations.RunPython.noop)]
