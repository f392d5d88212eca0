from django.conf import settings
from django.db import models
from django.db.models import F, Q

from billing.models.bill import BillLine


class Rerating(models.Model):
    """资费重批: what months cost after a tariff correction; first looked at, then done (BIL-7).

    ``offering`` says whose months they are, as ``billing.rules.offerings`` writes it; with a
    ``customer`` of these only theirs. ``found`` is the preview, ``digest`` the fingerprint of its
    lines: what was shown is what is done.
    """

    class State(models.TextChoices):
        LOOKING = "looking", "预览中"
        LOOKED = "looked", "已预览"
        APPROVED = "approved", "办理中"
        DONE = "done", "已办理"
        CHANGED = "changed", "内容已变"

    first_month = models.DateField("首月")
    last_month = models.DateField("末月")
    offering = models.CharField("产品", max_length=60, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    credits_only = models.BooleanField("只退不补", default=False)
    shards = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.LOOKING)
    at = models.DateTimeField("业务时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    found = models.JSONField("预览结果", default=dict)
    digest = models.CharField("内容摘要", max_length=64, blank=True)
    approval = models.OneToOneField(
        "kernel.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField("办理时间", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="rerated_months_are_in_order"
            ),
            models.CheckConstraint(
                condition=Q(approval__isnull=False) | ~Q(state__in=["approved", "done"]),
                name="nothing_is_rerated_by_one_person",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As people call it."""
        return f"CP{self.pk:08d}"


class ReratedLine(models.Model):
    """重批差异: a charge that would come out otherwise, and what is done about it.

    ``month`` is that of the usage or fee; late usage stands on the bill of the next one.
    ``old_fen`` is what was billed with the corrections by earlier re-ratings, in an open month what
    its records came to. ``parts`` is [[percent of VAT, fen], …] of the difference.
    """

    class Treatment(models.TextChoices):
        ADJUST = "adjust", "列入下张帐单"
        REPLACE = "replace", "直接替换"
        BY_HAND = "by_hand", "由人处理"
        WAIVE = "waive", "不补收"

    rerating = models.ForeignKey(Rerating, on_delete=models.PROTECT, related_name="lines")
    month = models.DateField("月份首日")
    shard = models.PositiveSmallIntegerField()
    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, related_name="+")
    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, related_name="+"
    )
    item = models.CharField(max_length=14)
    bill_line = models.ForeignKey(
        "billing.BillLine", on_delete=models.PROTECT, null=True, related_name="+"
    )
    old_fen = models.BigIntegerField("原金额")
    new_fen = models.BigIntegerField("新金额")
    parts = models.JSONField("按税率", default=list)
    treatment = models.CharField("办法", max_length=7, choices=Treatment)
    adjustment = models.OneToOneField(
        "billing.Adjustment", on_delete=models.PROTECT, null=True, related_name="rerated"
    )

    class Meta:
        ordering = ["rerating", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rerating", "month", "account", "subscription", "item"],
                name="rerated_once_a_line",
            ),
            models.CheckConstraint(condition=~Q(old_fen=F("new_fen")), name="rerated_line_differs"),
            models.CheckConstraint(
                condition=Q(adjustment__isnull=True) | Q(treatment="adjust"),
                name="only_billed_lines_are_adjusted",
            ),
        ]
        indexes = [
            models.Index(
                fields=["subscription", "month"],
                name="corrected_by_rerating",
                condition=Q(adjustment__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rerating} {self.month:%Y-%m} {self.item}"

    @property
    def bill_item(self) -> str:
        """The message id of its charge item."""
        return str(BillLine.Item(self.item).label)

    @property
    def difference_fen(self) -> int:
        """Negative to the customer's favour."""
        return self.new_fen - self.old_fen
