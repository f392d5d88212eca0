from django.conf import settings
from django.db import models
from django.db.models import Q


class Promise(models.Model):
    """承诺缴费: the account's overdue debt will be paid by a day; until then no stop for debt."""

    class Outcome(models.TextChoices):
        OPEN = "open", "承诺中"
        KEPT = "kept", "已履行"
        BROKEN = "broken", "已失信"
        WITHDRAWN = "withdrawn", "已撤销"

    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="promises"
    )
    amount_fen = models.BigIntegerField("承诺金额")
    until = models.DateField("承诺日期")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.OPEN)
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "made_at"], name="promises_of_an_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(outcome="open"), name="one_open_promise"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="promise_is_positive"),
            models.CheckConstraint(
                condition=Q(outcome="open", judged_at__isnull=True)
                | ~Q(outcome="open") & Q(judged_at__isnull=False),
                name="a_promise_says_when_it_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.until:%Y-%m-%d}"
