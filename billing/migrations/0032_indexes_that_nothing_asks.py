"""Fewer indexes to keep with each row of a bill: what a unique constraint finds needs no other.

A ledger's page keeps room for the next totals of its rows, so that a posting leaves their indexes
as they are.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0031_desk_transfers_meet_the_bank"),
        ("customers", "0014_who_is_listed_already"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="bill",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bills",
                to="billing.account",
            ),
        ),
        migrations.AlterField(
            model_name="billline",
            name="bill",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="billing.bill",
            ),
        ),
        migrations.AlterField(
            model_name="revenueshare",
            name="line",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="billing.billline",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="bill_line",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="billing.billline",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("bill_line__isnull", False)),
                fields=["bill_line"],
                name="entries_of_a_bill_line",
            ),
        ),
        migrations.AlterField(
            model_name="journal",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="journal",
            index=models.Index(
                condition=models.Q(("by__isnull", False)),
                fields=["by"],
                name="journals_by_a_person",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE billing_ledger SET (fillfactor = 50)",
            "ALTER TABLE billing_ledger RESET (fillfactor)",
        ),
    ]
