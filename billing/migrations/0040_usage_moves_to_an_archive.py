"""Records of old months move into files; these rows say where, and what the files hold."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0039_few_rows_are_looked_up'),
        ('kernel', '0017_a_step_says_which_host_had_it'),
    ]

    operations = [
        migrations.CreateModel(
            name='UsageArchive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(unique=True, verbose_name='月份')),
                ('state', models.CharField(choices=[('writing', '归档中'), ('archived', '已归档'), ('restored', '已调回')], default='writing', max_length=8, verbose_name='状态')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='归档时间')),
                ('restored_at', models.DateTimeField(blank=True, null=True, verbose_name='调回时间')),
                ('records', models.PositiveBigIntegerField(default=0, verbose_name='话单数')),
            ],
            options={
                'ordering': ['-month'],
            },
        ),
        migrations.CreateModel(
            name='UsageArchiveFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='序号')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='对象名')),
                ('first_subscription', models.BigIntegerField()),
                ('last_subscription', models.BigIntegerField()),
                ('records', models.PositiveBigIntegerField(verbose_name='话单数')),
                ('duration_s', models.BigIntegerField(verbose_name='时长合计')),
                ('amount_hao', models.BigIntegerField(verbose_name='费用合计')),
                ('info_fee_hao', models.BigIntegerField(verbose_name='信息费合计')),
                ('digest', models.BigIntegerField()),
                ('size_bytes', models.PositiveBigIntegerField(verbose_name='字节数')),
                ('sha256', models.CharField(max_length=64, verbose_name='校验和')),
                ('masked_until', models.DateTimeField()),
                ('archive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='billing.usagearchive')),
                ('data_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.datakey')),
            ],
            options={
                'ordering': ['archive', 'number'],
                'constraints': [models.UniqueConstraint(fields=('archive', 'number'), name='one_archive_file_per_number'), models.CheckConstraint(condition=models.Q(('first_subscription__lte', models.F('last_subscription'))), name='an_archive_file_goes_upwards')],
            },
        ),
    ]
