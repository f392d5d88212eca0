from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Ledger(models.Model):
    """账本: a customer's public or special ledger, or one of the house's own.

    ``cash_fen`` and ``gift_fen`` are running totals of the entries, kept by their trigger.
    Sign: what the house owes or has earned is positive (customer money, revenue), what it holds or
    is owed is negative (cash, receivable); every journal sums to zero.
    """

    class Kind(models.TextChoices):
        PUBLIC = "public", "公用账本"
        SPECIAL = "special", "专用账本"
        HOUSE = "house", "内部账"

    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="ledgers"
    )
    kind = models.CharField(max_length=7, choices=Kind)
    name = models.CharField(max_length=60)
    cash_fen = models.BigIntegerField(default=0)
    gift_fen = models.BigIntegerField(default=0)
    scope_subscriptions = ArrayField(models.BigIntegerField(), null=True, blank=True)
    scope_services = ArrayField(models.CharField(max_length=9), null=True, blank=True)
    scope_items = ArrayField(models.CharField(max_length=14), null=True, blank=True)
    scope_keys = models.PositiveSmallIntegerField("范围维数", default=0)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["account", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(kind="public"), name="one_public_ledger"
            ),
            models.UniqueConstraint(fields=["account", "name"], name="one_ledger_name_per_account"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(kind="house"), name="one_house_ledger_per_name"
            ),
            models.CheckConstraint(
                condition=Q(kind="house", account__isnull=True)
                | ~Q(kind="house") & Q(account__isnull=False),
                name="house_ledger_has_no_account",
            ),
            models.CheckConstraint(
                condition=Q(kind="house") | Q(cash_fen__gte=0, gift_fen__gte=0),
                name="customer_ledger_never_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Journal(models.Model):
    """分录凭证: one movement of money; its entries sum to zero; never changed (ACC-6)."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", "缴费"
        REVERSAL = "reversal", "冲正"
        GRANT = "grant", "专款预存"
        RELEASE = "release", "分月返还"
        BILL = "bill", "出帐"
        BILL_PAYMENT = "bill_payment", "帐单扣款"
        MOVE = "move", "余额转移"
        LAPSE = "lapse", "赠款失效"
        OPENING = "opening", "期初"
        ADJUSTMENT = "adjustment", "调帐"
        DIFFERENCE = "difference", "长短款"
        HANDOVER = "handover", "缴款在途"
        BANKED = "banked", "缴款入帐"
        UNIDENTIFIED = "unidentified", "不明来款"
        RETURNED = "returned", "退回来款"
        CLEARED = "cleared", "清算到帐"
        REFUND = "refund", "退款"
        TRANSFER = "transfer", "转帐"
        WRITE_OFF = "write_off", "坏帐核销"
        RECOVERY = "recovery", "收回坏帐"

    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField("业务时间")
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    ref = models.CharField("凭据", max_length=80, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["at"], name="journals_by_time"),
            models.Index(fields=["by"], name="journals_by_a_person", condition=Q(by__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Entry(models.Model):
    """分录: one leg of a journal on one ledger, in cash or in gift money.

    That what it names is there, the database asks once per statement, not by foreign keys
    (migration ``references_by_the_statement``); so do bills, their lines and shares.
    """

    class Money(models.TextChoices):
        CASH = "cash", "现金"
        GIFT = "gift", "赠款"

    journal = models.ForeignKey(
        Journal, on_delete=models.PROTECT, related_name="entries", db_constraint=False
    )
    ledger = models.ForeignKey(
        Ledger, on_delete=models.PROTECT, related_name="entries", db_constraint=False
    )
    money = models.CharField(max_length=4, choices=Money, default=Money.CASH)
    amount_fen = models.BigIntegerField()
    bill_line = models.ForeignKey(
        "billing.BillLine",
        on_delete=models.PROTECT,
        null=True,
        related_name="entries",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["bill_line"],
                name="entries_of_a_bill_line",
                condition=Q(bill_line__isnull=False),
            )
        ]
        constraints = [models.CheckConstraint(condition=~Q(amount_fen=0), name="entry_is_not_zero")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.amount_fen}"


class LedgerRelease(models.Model):
    """分月返还: one monthly part of a prepayment (ACC-5), released by its month's start."""

    class State(models.TextChoices):
        TO_COME = "to_come", "待返还"
        RELEASED = "released", "已返还"
        LAPSED = "lapsed", "已失效"

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="releases")
    target = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="releases_received")
    month = models.DateField("月份首日")
    money = models.CharField(max_length=4, choices=Entry.Money)
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.TO_COME)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["month", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "month", "money"], name="one_part_per_month")
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.month:%Y-%m} {self.amount_fen}"


class Payment(models.Model):
    """收款: money that came in, once per idempotency key (PAY-1)."""

    class Means(models.TextChoices):
        CASH = "cash", "现金"
        CARD = "card", "刷卡"
        CHEQUE = "cheque", "支票"
        TRANSFER = "transfer", "转帐"
        ONLINE = "online", "网上支付"
        ALIPAY = "alipay", "支付宝"
        WECHAT = "wechat", "微信支付"
        DEBIT = "debit", "银行代扣"

    key = models.CharField("幂等键", max_length=80, unique=True)
    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="payments"
    )
    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="payments")
    amount_fen = models.BigIntegerField()
    means = models.CharField(max_length=8, choices=Means, default=Means.CASH)
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    number = models.CharField("按号码充值", max_length=20, blank=True)
    at = models.DateTimeField()
    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, related_name="payment")
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_is_positive")
        ]

    def __str__(self) -> str:
        return self.key
