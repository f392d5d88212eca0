from django.conf import settings
from django.db import models
from django.db.models import Q

from bss.kernel.watched import Watched


class Ladder(models.TextChoices):
    """等级序列: VIP for persons, A/B/C for groups (S58-1, S58-2)."""

    VIP = "vip", "VIP 等级"
    GROUP = "group", "集团等级"


class ClassLevel(models.Model):
    """等级门槛: from which monthly bill or how many phones a class is reached; data, not code.

    Either threshold is enough. ``automatic``: the nightly grading applies it by itself.
    """

    customer_class = models.OneToOneField(
        "customers.CustomerClass", on_delete=models.PROTECT, related_name="level"
    )
    ladder = models.CharField(max_length=5, choices=Ladder)
    rank = models.PositiveSmallIntegerField("级别")
    monthly_fen = models.BigIntegerField("月均帐单(分)", null=True, blank=True)
    monthly_included = models.BooleanField("含此数", default=True)
    phones = models.PositiveIntegerField("话机数", null=True, blank=True)
    phones_included = models.BooleanField("含此数", default=True)
    automatic = models.BooleanField("自动评定", default=False)

    class Meta:
        ordering = ["ladder", "rank"]
        triggers = [Watched()]
        constraints = [
            models.UniqueConstraint(fields=["ladder", "rank"], name="one_level_per_rank"),
            models.CheckConstraint(
                condition=Q(monthly_fen__isnull=False) | Q(phones__isnull=False),
                name="a_level_has_a_threshold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ladder} {self.rank}"


class CustomerFigures(models.Model):
    """客户价值: what the last grading counted for a customer."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, related_name="figures"
    )
    billed_fen = models.BigIntegerField("近月帐单合计(分)", default=0)
    months = models.PositiveSmallIntegerField("月数", default=0)
    monthly_fen = models.BigIntegerField("月均帐单(分)", default=0, db_index=True)
    phones = models.PositiveIntegerField("在用话机数", default=0)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.customer_id} {self.monthly_fen}"


class LevelChange(models.Model):
    """等级变更: what a grading proposes, and what became of it; kept as history."""

    class State(models.TextChoices):
        OPEN = "open", "待评定"
        APPLIED = "applied", "已生效"
        DECLINED = "declined", "未采纳"
        LAPSED = "lapsed", "已失效"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="level_changes"
    )
    ladder = models.CharField(max_length=5, choices=Ladder)
    before = models.ForeignKey(
        "customers.CustomerClass", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    after = models.ForeignKey(
        "customers.CustomerClass", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    monthly_fen = models.BigIntegerField("月均帐单(分)")
    phones = models.PositiveIntegerField("在用话机数")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "ladder"],
                condition=Q(state="open"),
                name="one_open_level_change",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False),
                name="a_decided_level_change_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.before} → {self.after}"
