"""What each bundle's last months would have cost least on, reckoned anew each night."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0040_usage_moves_to_an_archive"),
        ("packages_wo", "0003_bundles_are_found_by_one_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AdviceLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True)),
                ("value", models.PositiveIntegerField(verbose_name="阈值")),
                ("at", models.DateTimeField(verbose_name="设置时间")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="BundleAdvice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "months",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), size=None, verbose_name="比较的月份"
                    ),
                ),
                ("scheme", models.CharField(max_length=1, verbose_name="方案")),
                ("tier", models.PositiveIntegerField(verbose_name="现档位")),
                ("packs", models.JSONField(default=list, verbose_name="现时长包")),
                ("cost_fen", models.BigIntegerField(verbose_name="现组合费用")),
                ("best_tier", models.PositiveIntegerField(verbose_name="建议档位")),
                ("best_packs", models.JSONField(default=list, verbose_name="建议时长包")),
                ("best_fen", models.BigIntegerField(verbose_name="建议组合费用")),
                ("saving_fen", models.BigIntegerField(verbose_name="每月可省")),
                ("options", models.JSONField(default=list, verbose_name="各档费用")),
                ("history", models.JSONField(default=list, verbose_name="各月用量")),
                ("signs", models.JSONField(default=list, verbose_name="离网征兆")),
                (
                    "risk",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "无"), (1, "关注"), (2, "高")],
                        default=0,
                        verbose_name="离网风险",
                    ),
                ),
                ("advised_at", models.DateTimeField(verbose_name="计算时间")),
                (
                    "bundle",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="advice",
                        to="packages_wo.bundle",
                    ),
                ),
            ],
            options={
                "ordering": ["bundle"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("saving_fen__gt", 0)),
                        fields=["-saving_fen"],
                        name="who_pays_too_much",
                    ),
                    models.Index(
                        condition=models.Q(("risk__gt", 0)), fields=["-risk"], name="who_may_leave"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("best_fen__lte", models.F("cost_fen"))),
                        name="advice_never_costs_more",
                    )
                ],
            },
        ),
    ]
