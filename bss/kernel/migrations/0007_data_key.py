from uuid import uuid4

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_audit_from_where")]

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("wrapped", models.BinaryField()),
                ("version", models.PositiveSmallIntegerField(verbose_name="主密钥序号")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("destroyed_at__isnull", True)),
                        fields=["version", "id"],
                        name="data_keys_to_rotate",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed_at__isnull", False), ("wrapped", b"")),
                            models.Q(
                                ("destroyed_at__isnull", True),
                                models.Q(("wrapped", b""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="data_key_is_there_until_destroyed",
                    )
                ],
            },
        ),
    ]
