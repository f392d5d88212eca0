"""Money goes back by the gateway by which it came, and has its own place in the statement."""

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


def bring_reason(apps, editor):
    """Why a refund is made that nobody asked for by hand; not offered on the form."""
    apps.get_model("billing", "Reason").objects.create(
        purpose="refund", code="reversed", words="冲正收款", active=False
    )


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0028_reratings_after_a_tariff_correction"),
        ("kernel", "0015_parked_steps_and_cancelled_runs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GatewayRefund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(max_length=64, unique=True, verbose_name="商户退款单号"),
                ),
                (
                    "gateway",
                    models.CharField(
                        choices=[("alipay", "支付宝"), ("wechat", "微信支付")], max_length=6
                    ),
                ),
                ("trade_number", models.CharField(max_length=64, verbose_name="商户订单号")),
                ("amount_fen", models.BigIntegerField()),
                ("total_fen", models.BigIntegerField(verbose_name="交易金额")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("waiting", "网关办理中"),
                            ("done", "已原路退回"),
                            ("refused", "网关已拒绝"),
                        ],
                        default="waiting",
                        max_length=7,
                        protected=True,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("look_after", models.DateTimeField(blank=True, null=True)),
                ("looks", models.PositiveSmallIntegerField(default=0, verbose_name="查询次数")),
                (
                    "done_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="网关退款时间"),
                ),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="办结时间"),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("silent", "网关没有应答，系统会继续查询；同一笔退款只退一次。"),
                            ("short", "我方在网关的余额不足，还没有退；请先充值，系统会自动再办。"),
                            (
                                "too_old",
                                "这笔交易已超过网关可以退款的期限，没有退；请改用转帐退款。",
                            ),
                            ("said_no", "网关拒绝了这笔退款，没有退；请核对后改用转帐退款。"),
                            ("given_up", "经办人不再向网关退款，没有退。"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="网关原话")),
            ],
            options={
                "ordering": ["-id"],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.RemoveConstraint(
            model_name="refund",
            name="cash_is_paid_at_once",
        ),
        migrations.AddField(
            model_name="reconciliationline",
            name="refund_number",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=64, verbose_name="商户退款单号"
            ),
        ),
        migrations.AlterField(
            model_name="refund",
            name="means",
            field=models.CharField(
                choices=[("cash", "现金"), ("transfer", "转帐"), ("gateway", "原路退回")],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("means", "cash"), ("state", "paid")),
                    ("means__in", ["transfer", "gateway"]),
                    _connector="OR",
                ),
                name="cash_is_paid_at_once",
            ),
        ),
        migrations.AddField(
            model_name="gatewayrefund",
            name="order",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="billing.gatewayorder",
            ),
        ),
        migrations.AddField(
            model_name="gatewayrefund",
            name="refund",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="at_gateway",
                to="billing.refund",
            ),
        ),
        migrations.AddField(
            model_name="gatewayrefund",
            name="unidentified",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sent_back",
                to="billing.unidentifiedpayment",
            ),
        ),
        migrations.AddField(
            model_name="reconciliationline",
            name="back",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.gatewayrefund",
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayrefund",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["gateway", "look_after"],
                name="gateway_refunds_to_look_at",
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayrefund",
            index=models.Index(fields=["gateway", "done_at"], name="gateway_refunds_by_day"),
        ),
        migrations.AddConstraint(
            model_name="gatewayrefund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_fen__gt", 0), ("amount_fen__lte", models.F("total_fen"))
                ),
                name="no_more_goes_back_than_came",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatewayrefund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refund__isnull", False), ("unidentified__isnull", True)),
                    models.Q(("refund__isnull", True), ("unidentified__isnull", False)),
                    _connector="OR",
                ),
                name="what_goes_back_was_somebodys_or_nobodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatewayrefund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("done_at__isnull", True),
                        ("settled_at__isnull", True),
                        ("state", "waiting"),
                    ),
                    models.Q(
                        ("done_at__isnull", False), ("settled_at__isnull", False), ("state", "done")
                    ),
                    models.Q(
                        ("done_at__isnull", True),
                        ("settled_at__isnull", False),
                        ("state", "refused"),
                    ),
                    _connector="OR",
                ),
                name="a_gateway_refund_says_when",
            ),
        ),
        migrations.RunPython(bring_reason, migrations.RunPython.noop),
    ]
