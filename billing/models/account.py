from django.db import models
from django.db.models import F, Q

from bss.kernel.watched import Watched
from customers.models.subscription import no_overlap


class Account(models.Model):
    """帐户: one unified account of a company, or the independent account of one subscription."""

    class Kind(models.TextChoices):
        UNIFIED = "unified", "统一帐户"
        INDEPENDENT = "independent", "独立帐户"

    code = models.CharField("帐户编号", max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=11, choices=Kind)
    owner = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="accounts"
    )
    subscription = models.ForeignKey(
        "customers.Subscription",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="own_accounts",
    )
    current = models.BooleanField("现用", default=True)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [Watched(customer="r.owner_id", masked=("name",))]
        indexes = [models.Index(fields=["owner", "id"], name="accounts_of_an_owner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="unified", subscription__isnull=True)
                | Q(kind="independent", subscription__isnull=False),
                name="independent_account_serves_one",
            ),
            models.UniqueConstraint(
                fields=["subscription"],
                condition=Q(current=True),
                name="one_current_own_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PayRelation(models.Model):
    """付费关系: the account that pays a subscription's charges, from when to when (GEN-5).

    It switches at 00:00 of a 1st (bundles), or at the moment of a transfer (ACC-8).
    """

    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, related_name="pay_relations"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="pay_relations")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["subscription", "valid_from"]
        triggers = [
            Watched(
                customer="SELECT owner_id FROM customers_subscription WHERE id = r.subscription_id"
            )
        ]
        constraints = [no_overlap("one_payer_at_a_time", "subscription")]
        indexes = [models.Index(fields=["account"], name="paid_by_an_account")]

    def __str__(self) -> str:
        return f"{self.subscription} → {self.account}"


class BundleAccount(models.Model):
    """套餐统一帐户: the unified account that pays a bundle's fees and its merged members."""

    bundle = models.OneToOneField(
        "packages_wo.Bundle", on_delete=models.PROTECT, related_name="paying"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="bundle_links")

    def __str__(self) -> str:
        return f"{self.bundle} → {self.account}"


class Charge(models.Model):
    """待出帐费用: a one-off fee or an adjustment that waits for the bill of its month.

    The account that pays is found when the month closes; ``month`` is the month's first day.
    ``tax_percent`` goes before the rate that the category has in the month: what corrects an old
    line keeps the old line's rate (BIL-4).
    """

    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, related_name="charges"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    item = models.CharField(max_length=14)
    amount_fen = models.BigIntegerField()
    tax_category = models.CharField(max_length=12, default="installation")
    tax_percent = models.PositiveSmallIntegerField("税率", null=True, blank=True)
    adjustment = models.ForeignKey(
        "billing.Adjustment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="charges",
    )
    arose_at = models.DateTimeField()
    month = models.DateField()
    order_ref = models.CharField("订单号", max_length=40)
    memo = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order_ref", "subscription", "item", "memo"], name="charged_once_per_order"
            ),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="charge_is_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription} {self.item} {self.amount_fen}"


class DebtStop(models.Model):
    """欠费停机原因: an account whose overdue debt stopped a subscription (CRD-1)."""

    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, related_name="debt_stops"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debt_stops")
    stopped_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "account"],
                condition=Q(lifted_at__isnull=True),
                name="one_open_stop_per_cause",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("stopped_at")),
                name="lifted_after_stopped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription} ← {self.account}"
