"""A main account has a life and its password an age; an organisation can be closed.

Who could not sign in until now is disabled from now on; a password's age counts from today.
"""

import django_fsm
from django.db import migrations, models

SAY_WHERE_EACH_STANDS = """
    UPDATE kernel_staff
    SET password_set_at = now(),
        state = CASE WHEN is_active THEN 'active' ELSE 'disabled' END
"""
STATES = [("entered", "待启用"), ("active", "在岗"), ("disabled", "停用"), ("left", "离职")]


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0002_role_reach"),
    ]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="phone",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="联系电话"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="staff",
            name="state",
            field=django_fsm.FSMField(
                choices=STATES, default="active", max_length=8, protected=True
            ),
        ),
        migrations.AddField(
            model_name="staff",
            name="must_change_password",
            field=models.BooleanField(default=False, verbose_name="须更换密码"),
        ),
        migrations.AddField(
            model_name="staff",
            name="password_set_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="密码设置时间"),
        ),
        migrations.AddField(
            model_name="staff",
            name="idle_warned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="闲置提醒时间"),
        ),
        migrations.RunSQL(SAY_WHERE_EACH_STANDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.CheckConstraint(
                condition=models.Q(is_active=True, state__in=["entered", "active"])
                | models.Q(is_active=False, state__in=["disabled", "left"]),
                name="active_says_the_same_as_state",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="active",
            field=models.BooleanField(default=True, verbose_name="在用"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=~models.Q(level="headquarters") | models.Q(parent__isnull=True),
                name="headquarters_stand_on_top",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="no_organisation_under_itself",
            ),
        ),
    ]
