from django.conf import settings
from django.db import models
from django.db.models import Q


class PointsRate(models.Model):
    """积分标准: points for 100 yuan paid, for bills from this month on; every version is kept."""

    points_per_100_yuan = models.PositiveIntegerField("每百元积分")
    months_valid = models.PositiveSmallIntegerField("有效月数", default=24)
    valid_from = models.DateField("自此月帐单起", unique=True)
    reason = models.CharField("依据", max_length=200)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(months_valid__gte=1), name="points_last_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.points_per_100_yuan}"


class PointsEntry(models.Model):
    """积分流水: only grows; ``balance`` is the running total, checked by the table's trigger."""

    class Kind(models.TextChoices):
        EARNED = "earned", "缴费积分"
        REDEEMED = "redeemed", "兑换"
        EXPIRED = "expired", "到期清零"
        MERGED = "merged", "合并转移"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="points"
    )
    number = models.PositiveIntegerField("序号")
    kind = models.CharField(max_length=8, choices=Kind)
    points = models.BigIntegerField("积分")
    balance = models.BigIntegerField("积分余额")
    at = models.DateTimeField()
    bill_id = models.BigIntegerField("帐单", null=True, blank=True, unique=True)
    expires_on = models.DateField("到期日", null=True, blank=True)
    reason = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["customer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="points_in_one_order"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="points_never_negative"),
            models.CheckConstraint(condition=~Q(points=0), name="points_entry_is_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.points}"
