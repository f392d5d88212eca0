"""Re-ratings, whose corrections stand many under one approval, and their reason."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def bring_reason(apps, editor):
    apps.get_model("billing", "Reason").objects.get_or_create(
        purpose="adjustment", code="tariff", defaults={"words": "资费更正"}
    )


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0027_bank_files_wait_for_a_worker'),
        ('customers', '0014_who_is_listed_already'),
        ('kernel', '0015_parked_steps_and_cancelled_runs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='adjustment',
            name='approval',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.approval'),
        ),
        migrations.CreateModel(
            name='Rerating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_month', models.DateField(verbose_name='首月')),
                ('last_month', models.DateField(verbose_name='末月')),
                ('offering', models.CharField(blank=True, max_length=60, verbose_name='产品')),
                ('credits_only', models.BooleanField(default=False, verbose_name='只退不补')),
                ('shards', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('looking', '预览中'), ('looked', '已预览'), ('approved', '办理中'), ('done', '已办理'), ('changed', '内容已变')], default='looking', max_length=8)),
                ('at', models.DateTimeField(verbose_name='业务时间')),
                ('found', models.JSONField(default=dict, verbose_name='预览结果')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='内容摘要')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='办理时间')),
                ('approval', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.approval')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ReratedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='月份首日')),
                ('shard', models.PositiveSmallIntegerField()),
                ('item', models.CharField(max_length=14)),
                ('old_fen', models.BigIntegerField(verbose_name='原金额')),
                ('new_fen', models.BigIntegerField(verbose_name='新金额')),
                ('parts', models.JSONField(default=list, verbose_name='按税率')),
                ('treatment', models.CharField(choices=[('adjust', '列入下张帐单'), ('replace', '直接替换'), ('by_hand', '由人处理'), ('waive', '不补收')], max_length=7, verbose_name='办法')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.account')),
                ('adjustment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rerated', to='billing.adjustment')),
                ('bill_line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.billline')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.subscription')),
                ('rerating', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='billing.rerating')),
            ],
            options={
                'ordering': ['rerating', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='rerating',
            constraint=models.CheckConstraint(condition=models.Q(('first_month__lte', models.F('last_month'))), name='rerated_months_are_in_order'),
        ),
        migrations.AddConstraint(
            model_name='rerating',
            constraint=models.CheckConstraint(condition=models.Q(('approval__isnull', False), models.Q(('state__in', ['approved', 'done']), _negated=True), _connector='OR'), name='nothing_is_rerated_by_one_person'),
        ),
        migrations.AddIndex(
            model_name='reratedline',
            index=models.Index(condition=models.Q(('adjustment__isnull', False)), fields=['subscription', 'month'], name='corrected_by_rerating'),
        ),
        migrations.AddConstraint(
            model_name='reratedline',
            constraint=models.UniqueConstraint(fields=('rerating', 'month', 'account', 'subscription', 'item'), name='rerated_once_a_line'),
        ),
        migrations.AddConstraint(
            model_name='reratedline',
            constraint=models.CheckConstraint(condition=models.Q(('old_fen', models.F('new_fen')), _negated=True), name='rerated_line_differs'),
        ),
        migrations.AddConstraint(
            model_name='reratedline',
            constraint=models.CheckConstraint(condition=models.Q(('adjustment__isnull', True), ('treatment', 'adjust'), _connector='OR'), name='only_billed_lines_are_adjusted'),
        ),
        migrations.RunPython(bring_reason, migrations.RunPython.noop),
    ]
