from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from billing.rules import leaving
from bss.kernel.units import half_up


class BundleAdvice(models.Model):
    """套餐建议: the tier and packs on which a bundle's last closed months would have cost least.

    Replaced as a whole each night, or when it is asked for; nobody's history. ``months`` are those
    that could be compared. Units: fen over all of them, ``saving_fen`` a month; packs are
    ``[[code, count]]``. ``options`` is the cheapest choice of each tier, ``[[tier, packs, fen]]``;
    ``history`` says per month ``[month, billed fen, minutes, minutes beyond]``; ``signs``
    ``[[sign, figures]]`` why the customer may leave.
    """

    class Risk(models.IntegerChoices):
        NONE = leaving.Risk.NONE, "无"
        WATCH = leaving.Risk.WATCH, "关注"
        HIGH = leaving.Risk.HIGH, "高"

    bundle = models.OneToOneField(
        "packages_wo.Bundle", on_delete=models.CASCADE, related_name="advice"
    )
    months = ArrayField(models.DateField(), verbose_name="比较的月份")
    scheme = models.CharField("方案", max_length=1)
    tier = models.PositiveIntegerField("现档位")
    packs = models.JSONField("现时长包", default=list)
    cost_fen = models.BigIntegerField("现组合费用")
    best_tier = models.PositiveIntegerField("建议档位")
    best_packs = models.JSONField("建议时长包", default=list)
    best_fen = models.BigIntegerField("建议组合费用")
    saving_fen = models.BigIntegerField("每月可省")
    options = models.JSONField("各档费用", default=list)
    history = models.JSONField("各月用量", default=list)
    signs = models.JSONField("离网征兆", default=list)
    risk = models.PositiveSmallIntegerField("离网风险", choices=Risk, default=Risk.NONE)
    advised_at = models.DateTimeField("计算时间")

    class Meta:
        ordering = ["bundle"]
        constraints = [
            models.CheckConstraint(
                condition=Q(best_fen__lte=F("cost_fen")), name="advice_never_costs_more"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-saving_fen"], name="who_pays_too_much", condition=Q(saving_fen__gt=0)
            ),
            models.Index(fields=["-risk"], name="who_may_leave", condition=Q(risk__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.bundle} {self.tier} → {self.best_tier}"

    @property
    def is_best_already(self) -> bool:
        return not self.saving_fen

    @property
    def monthly_fen(self) -> int:
        """What the combination in force costs a month, rounded half up."""
        return self._a_month(self.cost_fen)

    @property
    def best_monthly_fen(self) -> int:
        return self._a_month(self.best_fen)

    def _a_month(self, fen: int) -> int:
        return half_up(fen, len(self.months))


class AdviceLimit(models.Model):
    """顾问阈值: from where on a sign counts, where it is not the product's own figure."""

    code = models.CharField(max_length=20, unique=True)
    value = models.PositiveIntegerField("阈值")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField("设置时间")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"
