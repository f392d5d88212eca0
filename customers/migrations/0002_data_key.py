import django.db.models.deletion
from django.db import migrations, models

import bss.kernel.sealing


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("kernel", "0007_data_key")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="data_key",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.datakey",
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="postal_address",
            field=bss.kernel.sealing.SealedTextField(
                blank=True, key="data_key_id", verbose_name="通信地址"
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="address",
            field=bss.kernel.sealing.SealedTextField(
                blank=True, key="customer.data_key_id", verbose_name="证件地址"
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="number",
            field=bss.kernel.sealing.SealedTextField(
                key="customer.data_key_id", verbose_name="证件号码"
            ),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="install_address",
            field=bss.kernel.sealing.SealedTextField(
                blank=True, key="owner.data_key_id", verbose_name="装机地址"
            ),
        ),
    ]
