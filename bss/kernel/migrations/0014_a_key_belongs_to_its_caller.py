"""Calls of before do not know their caller: sent again after the update, they are new calls."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0013_audit_by_noun'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='apicall',
            name='one_call_per_key',
        ),
        migrations.AddField(
            model_name='apicall',
            name='caller',
            field=models.CharField(blank=True, max_length=60, verbose_name='调用方'),
        ),
        migrations.AddConstraint(
            model_name='apicall',
            constraint=models.UniqueConstraint(fields=('staff', 'caller', 'path', 'key'), name='one_call_per_key'),
        ),
    ]
