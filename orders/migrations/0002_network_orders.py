import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='NetworkOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(choices=[('stop', '停机'), ('restore', '复机'), ('remove', '预销号')], max_length=7)),
                ('reason', models.CharField(blank=True, max_length=9, verbose_name='停机原因')),
                ('state', django_fsm.FSMField(choices=[('ready', '待执行'), ('running', '执行中'), ('done', '已完成'), ('failed', '失败'), ('cancelled', '已被替代')], db_index=True, default='ready', max_length=9, protected=True)),
                ('asked_at', models.DateTimeField(verbose_name='状态变更时间')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='下次执行不早于')),
                ('change', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='network_order', to='customers.subscriptionstate')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='network_orders', to='customers.subscription')),
            ],
            options={
                'ordering': ['-change'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['ready', 'running'])), fields=['subscription', 'change'], name='network_orders_to_do')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', False), _connector='OR'), name='network_done_says_when')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
    ]
