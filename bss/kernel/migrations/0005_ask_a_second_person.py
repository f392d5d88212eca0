import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0004_organisation_path"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, verbose_name="种类")),
                ("payload", models.JSONField(verbose_name="要做的事")),
                ("shown", models.JSONField(verbose_name="给审批人看的内容")),
                ("digest", models.CharField(max_length=64, verbose_name="内容摘要")),
                ("reason", models.CharField(max_length=200, verbose_name="申请原因")),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(verbose_name="审批时限")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("asked", "待审批"),
                            ("approved", "已批准"),
                            ("refused", "已驳回"),
                            ("expired", "已过期"),
                            ("withdrawn", "已撤回"),
                        ],
                        db_index=True,
                        default="asked",
                        max_length=9,
                        protected=True,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="审批意见")),
                ("problem", models.CharField(blank=True, max_length=400, verbose_name="未能执行的原因")),
                ("result", models.JSONField(blank=True, null=True, verbose_name="执行结果")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals_asked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals_decided",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "asked")),
                        fields=["expires_at"],
                        name="approvals_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="maker_is_not_checker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "asked")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["approved", "refused"]),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", True),
                                ("state__in", ["expired", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="a_decision_has_its_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("kind", "asked_by", "digest"),
                        name="the_same_is_asked_once",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
    ]
