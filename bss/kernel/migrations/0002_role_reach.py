"""A role says how far it reaches and whether it changes anything; known roles get what they had."""

from django.db import migrations, models

# What was written into the program until now: the account manager's own customers, else all.
# The product's roles are brought to their own reach by ``load_roles`` at the next start.
KNOWN = {"account_manager": "assigned", "clerk": "city"}
OTHERS = "province"


def say_how_far(apps, schema_editor):
    roles = apps.get_model("kernel", "Role").objects
    for code, reach in KNOWN.items():
        roles.filter(code=code).update(reach=reach)
    roles.exclude(code__in=KNOWN).update(reach=OTHERS)


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="role",
            name="reach",
            field=models.CharField(
                choices=[
                    ("assigned", "本人客户"),
                    ("hall", "本营业厅"),
                    ("county", "本县"),
                    ("city", "本市"),
                    ("province", "本省"),
                    ("all", "全国"),
                ],
                default="assigned",
                max_length=8,
                verbose_name="数据范围",
            ),
        ),
        migrations.AddField(
            model_name="role",
            name="read_only",
            field=models.BooleanField(default=False, verbose_name="只读"),
        ),
        migrations.RunPython(say_how_far, migrations.RunPython.noop),
    ]
