"""Where an entry comes from, what kind it is, its digest; the chain that will hold it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_ask_a_second_person")]

    operations = [
        migrations.AddField(
            "auditentry",
            "kind",
            models.CharField(
                "类别",
                max_length=6,
                choices=[
                    ("act", "操作"),
                    ("read", "查看个人信息"),
                    ("change", "数据变更"),
                    ("step", "批处理"),
                ],
                default="act",
            ),
        ),
        migrations.AddField(
            "auditentry", "address", models.CharField("地址", max_length=45, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "auditentry", "session", models.CharField("会话", max_length=12, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "auditentry", "interface", models.CharField("接口编号", max_length=20, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "auditentry", "digest", models.BinaryField("摘要", default=b"", editable=False)
        ),
        migrations.AlterField(
            "auditentry", "customer_id", models.BigIntegerField(null=True)
        ),
        migrations.AlterField(
            "auditentry",
            "staff",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                db_index=False,
            ),
        ),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["staff", "-id"], name="audit_by_staff")
        ),
        migrations.AddIndex(
            "auditentry",
            models.Index(
                fields=["customer_id", "-id"],
                name="audit_by_customer",
                condition=models.Q(customer_id__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["action", "-id"], name="audit_by_action")
        ),
        migrations.AddIndex(
            "auditentry",
            models.Index(
                fields=["address", "-id"],
                name="audit_by_address",
                condition=models.Q(("address", ""), _negated=True),
            ),
        ),
        migrations.AddIndex("auditentry", models.Index(fields=["at"], name="audit_by_moment")),
        migrations.CreateModel(
            name="AuditWaiting",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("seq", models.BigIntegerField("序号", primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField("审计记录", unique=True)),
                ("previous", models.BinaryField(verbose_name="前一条的摘要")),
                ("hash", models.BinaryField(verbose_name="摘要")),
                ("sealed_at", models.DateTimeField("封存时间")),
            ],
            options={"ordering": ["seq"]},
        ),
        migrations.CreateModel(
            name="AuditCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_at", models.DateTimeField()),
                ("sealed_until", models.BigIntegerField("校验到序号")),
                ("entries", models.BigIntegerField("记录数")),
                ("faults", models.BigIntegerField("问题数")),
                ("took_ms", models.PositiveIntegerField()),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
