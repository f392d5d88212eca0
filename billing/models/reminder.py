from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bss.kernel.watched import Watched


class ReminderStep(models.Model):
    """催缴步骤: what is told how many days from which day, and how; data, not code.

    ``stopped``, ``resumed`` and ``pre_terminated`` are told when it happens; their days are zero.
    ``exposure`` is told when the exposure passes so many per cent of the credit limit.
    """

    class Anchor(models.TextChoices):
        DUE = "due", "缴费期限"
        STOP = "stop", "预计停机日"
        STOPPED = "stopped", "停机时"
        RESUMED = "resumed", "复机时"
        PRE_TERMINATION = "pre_termination", "预计预销号日"
        PRE_TERMINATED = "pre_terminated", "预销号时"
        EXPOSURE = "exposure", "信用额度(%)"

    code = models.SlugField("编号", max_length=30, unique=True)
    name = models.CharField("名称", max_length=40)
    anchor = models.CharField("以何日为准", max_length=15, choices=Anchor)
    days = models.SmallIntegerField("天数", default=0)
    percent = models.PositiveSmallIntegerField("额度百分比", null=True, blank=True)
    channels = ArrayField(models.CharField(max_length=5), default=list)
    active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["anchor", "days", "percent"]
        triggers = [Watched()]
        constraints = [
            models.UniqueConstraint(
                fields=["anchor", "days", "percent"],
                nulls_distinct=False,
                name="one_step_per_day_of_an_anchor",
            ),
            models.CheckConstraint(
                condition=Q(anchor__in=["due", "stop", "pre_termination"]) | Q(days=0),
                name="only_dated_steps_have_days",
            ),
            models.CheckConstraint(
                condition=Q(anchor="exposure", percent__isnull=False)
                | ~Q(anchor="exposure") & Q(percent__isnull=True),
                name="only_exposure_has_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reminder(models.Model):
    """催缴记录: an account was told one thing, once; how it went out is on its messages.

    ``month`` stands for steps of the exposure, which have no bills.
    """

    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="reminders"
    )
    step = models.ForeignKey(ReminderStep, on_delete=models.PROTECT, related_name="reminders")
    at = models.DateTimeField("业务时间")
    planned_on = models.DateField("应通知日")
    acts_on = models.DateField("预计停机或预销号日", null=True, blank=True)
    due_fen = models.BigIntegerField("欠费(分)")
    month = models.DateField("月份首日", null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["account", "-at"], name="reminders_of_an_account"),
            models.Index(fields=["-at", "-id"], name="reminders_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "step", "month"], name="exposure_is_told_once_a_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.step_id} {self.planned_on}"


class ReminderBill(models.Model):
    """催缴的帐单: a bill that a reminder spoke of; no step speaks of a bill twice."""

    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="bills")
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="reminders")
    step = models.ForeignKey(ReminderStep, on_delete=models.PROTECT, related_name="+")
    due_fen = models.BigIntegerField("欠费(分)")

    class Meta:
        ordering = ["reminder", "bill"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "step"], name="a_step_speaks_of_a_bill_once")
        ]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.step_id}"
