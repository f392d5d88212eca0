from django.conf import settings
from django.db import models
from django.db.models import Q


class NumberResource(models.Model):
    """号码资源: a number of the pool; a hold expires, a reservation belongs to an order."""

    class State(models.TextChoices):
        FREE = "free", "空闲"
        HELD = "held", "临时占用"
        RESERVED = "reserved", "订单预占"
        IN_USE = "in_use", "在用"
        QUARANTINED = "quarantined", "冷冻"

    number = models.CharField(max_length=20, unique=True)
    service = models.CharField(max_length=9)
    area = models.CharField(max_length=4)
    level = models.CharField("等级", max_length=10, default="normal")
    state = models.CharField(max_length=11, choices=State, default=State.FREE)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    held_until = models.DateTimeField(null=True, blank=True)
    order = models.ForeignKey(
        "orders.Order", on_delete=models.SET_NULL, null=True, blank=True, related_name="numbers"
    )
    free_from = models.DateTimeField("冷冻期满", null=True, blank=True)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(
                fields=["service", "area", "number"],
                name="free_numbers",
                condition=Q(state="free"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False), name="hold_expires"
            )
        ]

    def __str__(self) -> str:
        return self.number
