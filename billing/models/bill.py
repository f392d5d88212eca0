from django.db import models
from django.db.models import F, Q


class Bill(models.Model):
    """帐单: one account × one month (BIL-1); without a month: a debt from before the system."""

    account = models.ForeignKey(
        "billing.Account",
        on_delete=models.PROTECT,
        related_name="bills",
        db_constraint=False,  # one question per statement instead: references_by_the_statement
        db_index=False,  # its bills are found by one_bill_per_month
    )
    month = models.DateField("月份首日", null=True, blank=True)
    issued_at = models.DateTimeField()
    due_on = models.DateField("缴费期限")
    total_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["account", F("month").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="one_bill_per_month"),
            models.CheckConstraint(
                condition=Q(paid_fen__lte=F("total_fen")), name="bill_never_overpaid"
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "month"],
                name="bills_with_something_due",
                condition=Q(paid_fen__lt=F("total_fen")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.month:%Y-%m}" if self.month else f"{self.account} 期初"

    @property
    def due_fen(self) -> int:
        return self.total_fen - self.paid_fen


class BillLine(models.Model):
    """帐单明细: subscription × charge item of one bill; ``position`` is the order of payment."""

    class Item(models.TextChoices):
        BUNDLE_FEE = "BUNDLE_FEE", "套餐月费"
        PACK_FEE = "PACK_FEE", "加装包月费"
        PLAN_FEE = "PLAN_FEE", "单产品月费"
        HOLD_FEE = "HOLD_FEE", "停机保号费"
        ONE_OFF_FEE = "ONE_OFF_FEE", "一次性费用"
        VOICE_LOCAL = "VOICE_LOCAL", "本地通话费"
        VOICE_DOMESTIC = "VOICE_DOMESTIC", "国内长途费"
        VOICE_SERVICE = "VOICE_SERVICE", "服务号码通话费"
        VOICE_VPN = "VOICE_VPN", "VPN 通话费"
        VOICE_FORWARD = "VOICE_FORWARD", "呼叫转移费"
        VOICE_HMT = "VOICE_HMT", "港澳台通话费"
        VOICE_INTL = "VOICE_INTL", "国际通话费"
        VOICE_ROAMING = "VOICE_ROAMING", "漫游通话费"
        SMS = "SMS", "短信费"
        DATA = "DATA", "数据流量费"
        INFO_FEE = "INFO_FEE", "信息费"
        LATE_USAGE = "LATE_USAGE", "补出上期话单"
        ADJUSTMENT = "ADJUSTMENT", "调帐"
        LATE_FEE = "LATE_FEE", "违约金"

    bill = models.ForeignKey(
        Bill, on_delete=models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
    subscription = models.ForeignKey(
        "customers.Subscription",
        on_delete=models.PROTECT,
        null=True,
        related_name="bill_lines",
        db_constraint=False,
    )
    item = models.CharField(max_length=14, choices=Item)
    position = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    paid_gift_fen = models.BigIntegerField("其中赠款", default=0)
    tax_fen = models.BigIntegerField("其中税额", default=0)
    usage_hao = models.BigIntegerField("话单合计(毫)", null=True, blank=True)
    why = models.JSONField("依据", default=dict)

    class Meta:
        ordering = ["bill", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "subscription", "item"], name="one_line_per_item"
            ),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="line_is_not_zero"),
            models.CheckConstraint(
                condition=Q(amount_fen__lt=0) | Q(paid_fen__gte=0, paid_fen__lte=F("amount_fen")),
                name="line_never_overpaid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill} {self.item}"

    @property
    def due_fen(self) -> int:
        return self.amount_fen - self.paid_fen


class RevenueShare(models.Model):
    """收入分摊: the part of a fee that a service type earned, with its tax (BIL-5)."""

    line = models.ForeignKey(
        BillLine,
        on_delete=models.CASCADE,
        related_name="shares",
        db_constraint=False,
        db_index=False,
    )
    service = models.CharField(max_length=9)
    amount_fen = models.BigIntegerField()
    tax_percent = models.PositiveSmallIntegerField()
    tax_fen = models.BigIntegerField()

    class Meta:
        ordering = ["line", "service"]
        constraints = [
            models.UniqueConstraint(fields=["line", "service"], name="one_share_per_service")
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.service}"


class ClosedMonth(models.Model):
    """已关帐月份: a month that is billed; it is never recomputed (BIL-7)."""

    month = models.DateField("月份首日", unique=True)
    closed_at = models.DateTimeField()

    class Meta:
        ordering = ["month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class StartedMonth(models.Model):
    """已月初切换月份: a month whose start was run (EFF-5)."""

    month = models.DateField("月份首日", unique=True)
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
