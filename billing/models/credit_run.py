from django.conf import settings
from django.db import models
from django.db.models import Q


class CreditRun(models.Model):
    """信控运行: one run of a day, with what it did; a second run of the day is another row."""

    at = models.DateTimeField("业务时间")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reminded = models.PositiveIntegerField("催缴", default=0)
    stopped = models.PositiveIntegerField("欠费停机", default=0)
    blacklisted = models.PositiveIntegerField("黑名单停机", default=0)
    pre_terminated = models.PositiveIntegerField("预销号", default=0)
    parked = models.PositiveIntegerField("挂起帐户", default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class ParkedAccount(models.Model):
    """信控挂起: an account that a step of the run could not do; the next run tries it again."""

    class Step(models.TextChoices):
        PRE_TERMINATE = "pre_terminate", "预销号"
        STOP = "stop", "欠费停机"
        REMIND = "remind", "催缴"

    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, related_name="parked")
    step = models.CharField(max_length=13, choices=Step)
    reason = models.CharField("原因", max_length=300)
    times = models.PositiveSmallIntegerField("次数", default=1)
    parked_at = models.DateTimeField("业务时间")
    freed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "step"],
                condition=Q(freed_at__isnull=True),
                name="parked_once_per_step",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.step}"
