from django.db import models
from django.utils.translation import gettext_lazy as _

from bss.kernel.watched import Watched


class Channel(models.Model):
    """渠道: a hall, dealer, hotline or interface through which business comes (S85-1)."""

    class Kind(models.TextChoices):
        HALL = "hall", _("自有营业厅")
        DEALER = "dealer", _("代理商")
        ACCOUNT_MANAGER = "account_manager", _("客户经理")
        HOTLINE = "hotline", _("客服热线")
        ONLINE = "online", _("网上营业厅")
        BANK = "bank", _("银行")
        BATCH = "batch", _("批处理")

    code = models.CharField("接口编号", max_length=20, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=Kind)
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="channels"
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        triggers = [Watched()]

    def __str__(self) -> str:
        return self.name
