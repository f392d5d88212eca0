from django.conf import settings
from django.db import models


class SaleFact(models.Model):
    """发展事实: what a channel sold and when it was completed; append-only, commission reads it."""

    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="sales")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    order_ref = models.CharField("订单号", max_length=40)
    business = models.CharField("业务", max_length=40)
    item = models.CharField("产品", max_length=60)
    customer_id = models.BigIntegerField()
    monthly_fen = models.BigIntegerField(default=0)
    accepted_at = models.DateTimeField()
    completed_at = models.DateTimeField()

    class Meta:
        ordering = ["-completed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["order_ref", "item"], name="one_fact_per_order_item")
        ]
        indexes = [models.Index(fields=["channel", "-completed_at"], name="sales_of_a_channel")]

    def __str__(self) -> str:
        return f"{self.order_ref} {self.item}"


class RevenueFact(models.Model):
    """收款事实: money that a channel took or gave back; append-only."""

    channel = models.ForeignKey(
        "channels.Channel", on_delete=models.PROTECT, related_name="revenues"
    )
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    payment_ref = models.CharField("收款流水", max_length=80, unique=True)
    customer_id = models.BigIntegerField()
    means = models.CharField("付款方式", max_length=16)
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["channel", "-at"], name="revenues_of_a_channel")]

    def __str__(self) -> str:
        return f"{self.payment_ref} {self.amount_fen}"
