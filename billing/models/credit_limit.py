from django.conf import settings
from django.db import models
from django.db.models import Q

from bss.kernel.watched import Watched
from customers.models.subscription import no_overlap


class ClassLimit(models.Model):
    """类别信用额度: what each account of a class of customers may owe and use; without a class: of
    everybody else. A customer of several classes has the highest."""

    customer_class = models.OneToOneField(
        "customers.CustomerClass",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_limit",
    )
    limit_fen = models.BigIntegerField("信用额度(分)")

    class Meta:
        ordering = ["customer_class"]
        triggers = [Watched()]
        constraints = [
            models.UniqueConstraint(
                fields=["customer_class"],
                nulls_distinct=False,
                name="one_limit_of_a_class",
            ),
            models.CheckConstraint(condition=Q(limit_fen__gt=0), name="class_limit_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_class_id} {self.limit_fen}"


class CreditLimit(models.Model):
    """帐户信用额度: an account's own limit, asked for by one person and approved by another."""

    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="credit_limits"
    )
    limit_fen = models.BigIntegerField("信用额度(分)")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("原因", max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-valid_from", "-id"]
        triggers = [
            Watched(customer="SELECT owner_id FROM billing_account WHERE id = r.account_id")
        ]
        constraints = [
            no_overlap("one_limit_of_an_account_at_a_time", "account"),
            models.CheckConstraint(condition=Q(limit_fen__gt=0), name="own_limit_is_positive"),
            models.CheckConstraint(
                condition=~Q(asked_by=models.F("approved_by")), name="limit_takes_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.limit_fen}"


class Exposure(models.Model):
    """信用占用: what an account stood for when it was last checked; made anew by every check."""

    account = models.OneToOneField(
        "billing.Account", on_delete=models.CASCADE, related_name="exposure"
    )
    limit_fen = models.BigIntegerField("信用额度(分)")
    limit_is_own = models.BooleanField("本户额度")
    usage_fen = models.BigIntegerField("未出帐话费(分)")
    charges_fen = models.BigIntegerField("未出帐费用(分)")
    due_fen = models.BigIntegerField("欠费(分)")
    balance_fen = models.BigIntegerField("余额(分)")
    exposure_fen = models.BigIntegerField("占用(分)")
    percent = models.PositiveSmallIntegerField("占用百分比", db_index=True)
    checked_at = models.DateTimeField("检查时间")

    class Meta:
        ordering = ["-percent", "account"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.percent}%"
