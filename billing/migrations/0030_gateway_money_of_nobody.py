"""Unidentified money may come by a gateway as well as by a bank."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("billing", "0029_money_goes_back_through_gateways")]

    operations = [
        migrations.RenameField("unidentifiedpayment", "bank", "source"),
        migrations.AlterField(
            model_name="unidentifiedpayment",
            name="source",
            field=models.CharField(max_length=6, verbose_name="来源"),
        ),
        migrations.AlterField(
            model_name="unidentifiedpayment",
            name="line",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="unidentified",
                to="billing.statementline",
            ),
        ),
        migrations.AddField(
            model_name="unidentifiedpayment",
            name="number",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=64, verbose_name="商户订单号"
            ),
        ),
        migrations.AddField(
            model_name="unidentifiedpayment",
            name="trade_no",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=64, verbose_name="网关交易号"
            ),
        ),
        migrations.AddConstraint(
            model_name="unidentifiedpayment",
            constraint=models.CheckConstraint(
                condition=Q(("line__isnull", False), ("trade_no", ""))
                | Q(("line__isnull", True)) & ~Q(("trade_no", "")),
                name="unidentified_came_by_a_bank_or_a_gateway",
            ),
        ),
        migrations.AddConstraint(
            model_name="unidentifiedpayment",
            constraint=models.UniqueConstraint(
                condition=~Q(("trade_no", "")),
                fields=("source", "trade_no"),
                name="a_trade_is_held_once",
            ),
        ),
        migrations.AlterField(
            model_name="reconciliationline",
            name="action",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "待处理"),
                    ("booked", "已补记"),
                    ("agreed", "查询后一致"),
                    ("reversed", "已冲正"),
                    ("noted", "已说明"),
                    ("held", "已挂不明来款"),
                ],
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="reconciliationline",
            name="unidentified",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.unidentifiedpayment",
            ),
        ),
    ]
