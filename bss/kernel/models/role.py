from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bss.kernel.watched import Watched


class Role(models.Model):
    """角色: a named set of permission codes, how far they reach, and whether they change anything.

    The product's own roles are ``bss.kernel.roles.ROLES``, brought up to date at every start;
    an operator's own roles are further rows, which the product leaves alone.
    """

    class Reach(models.TextChoices):
        """数据范围: from the narrowest to the widest, relative to the person's organisation."""

        ASSIGNED = "assigned", _("本人客户")
        HALL = "hall", _("本营业厅")
        COUNTY = "county", _("本县")
        CITY = "city", _("本市")
        PROVINCE = "province", _("本省")
        ALL = "all", _("全国")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    reach = models.CharField("数据范围", max_length=8, choices=Reach, default=Reach.ASSIGNED)
    read_only = models.BooleanField("只读", default=False)

    class Meta:
        ordering = ["code"]
        triggers = [Watched()]

    def __str__(self) -> str:
        return self.name
