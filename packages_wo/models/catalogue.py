from django.db import models

from bss.kernel.watched import Watched


class CatalogueVersion(models.Model):
    """产品目录版本: one whole loaded catalogue; ``document`` is the checked file, yuan as text.

    Typed access is ``packages_wo.queries.catalogue.catalogue_on(day)``; the rows below are its
    projection for pages and set-based work.
    """

    code = models.CharField("版本", max_length=40)
    effective_from = models.DateField("生效日")
    document = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["effective_from", "id"]
        triggers = [Watched(silent=("document",))]

    def __str__(self) -> str:
        return self.code


class Plan(models.Model):
    """单产品套餐: what one subscription pays and gets by itself."""

    version = models.ForeignKey(CatalogueVersion, on_delete=models.CASCADE, related_name="plans")
    code = models.CharField(max_length=30)
    service = models.CharField(max_length=9)
    kind = models.CharField(max_length=12, blank=True)
    monthly_fen = models.BigIntegerField()
    first_month = models.CharField(max_length=5)
    tariff = models.CharField(max_length=30, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    data_kb = models.BigIntegerField(default=0)
    sms = models.PositiveIntegerField(default=0)
    speed_kbps = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["version", "service", "code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_plan_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class TariffRate(models.Model):
    """资费: one class of one tariff as blocks (RAT-13); texts and data have a price per unit."""

    version = models.ForeignKey(CatalogueVersion, on_delete=models.CASCADE, related_name="rates")
    tariff = models.CharField(max_length=30)
    kind = models.CharField("类别", max_length=24)
    first_s = models.PositiveIntegerField(default=0)
    first_hao = models.BigIntegerField()
    next_s = models.PositiveIntegerField(default=0)
    next_hao = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["version", "tariff", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["version", "tariff", "kind"], name="one_rate_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.tariff} {self.kind}"


class Tier(models.Model):
    """档位: the price and the allowances of one tier of an offering, scheme A."""

    version = models.ForeignKey(CatalogueVersion, on_delete=models.CASCADE, related_name="tiers")
    offering = models.CharField(max_length=30)
    code = models.PositiveIntegerField()
    monthly_fen = models.BigIntegerField()
    minutes = models.PositiveIntegerField()
    vpn_minutes = models.PositiveIntegerField("VPN 分钟，空为不限", null=True)

    class Meta:
        ordering = ["version", "offering", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "offering", "code"], name="one_tier_per_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.offering} {self.code}"


class Pack(models.Model):
    """加装包: what a bundle can add for a monthly fee."""

    version = models.ForeignKey(CatalogueVersion, on_delete=models.CASCADE, related_name="packs")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    monthly_fen = models.BigIntegerField()
    minutes = models.PositiveIntegerField(default=0)
    speed_kbps = models.PositiveIntegerField(null=True)
    static_ip = models.BooleanField(default=False)

    class Meta:
        ordering = ["version", "code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_pack_per_code")
        ]

    def __str__(self) -> str:
        return self.name
