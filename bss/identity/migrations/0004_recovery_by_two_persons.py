import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0003_old_tokens_are_gone"),
        ("kernel", "0005_ask_a_second_person"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lost_second_factor", models.BooleanField(verbose_name="第二因子丢失")),
                ("approved_at", models.DateTimeField(verbose_name="批准时间")),
                ("valid_until", models.DateTimeField(verbose_name="有效期至")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="发放时间")),
                ("approval", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="recovery", to="kernel.approval")),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("staff", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="recoveries", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(asked_by=models.F("staff")),
                        name="nobody_recovers_themselves",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(used_at__isnull=True)
                        | models.Q(used_at__lt=models.F("valid_until")),
                        name="a_recovery_is_used_in_time",
                    ),
                ],
            },
        ),
    ]
